import { describe, expect, it } from 'vitest';
import messages from '../../../../data/texts/messages/es.json';
import { retold } from './retold';

describe('a message of the server, told again', () => {
  it.each([
    ['the record holds no such thing', 'the record holds no such thing'],
    ['there is no such alert', 'no existe esa alerta'],
    [
      "'2026-03-12 25:61:00' in at is not a time of the form %Y-%m-%d %H:%M:%S",
      "'2026-03-12 25:61:00' en at no es una hora de la forma %Y-%m-%d %H:%M:%S",
    ],
    ["unknown key 'colour' in 'data'; the nearest is 'color'", "clave desconocida 'colour' en 'data'; la más parecida es 'color'"],
    [
      "the value of 'a' has no closing quote (byte 12 of the line)",
      "el valor de 'a' no tiene comillas de cierre (byte 12 de la línea)",
    ],
    [
      'telling.toml: a password goes out over TLS alone',
      'telling.toml: una contraseña solo sale por TLS',
    ],
    // Braces in what others wrote are no values of ours.
    ["'{}{0}' is needed", "hace falta '{}{0}'"],
  ])('%s', (english, spanish) => {
    expect(retold(messages, english)).toBe(spanish);
  });

  it('is found by its format, whatever stands in it', () => {
    const valuesIn = (format: string) => Array.from(format.matchAll(/\{\}/g), (_, index) => `v${index}`);
    const filled = (format: string, values: string[]) => {
      let next = 0;
      return format.replace(/\{(\d*)\}/g, (_, place: string) => values[place === '' ? next++ : Number(place)]!);
    };
    const wrong = Object.entries(messages).filter(([english, spanish]) => {
      const values = valuesIn(english);
      return values.length > 0 && retold(messages, filled(english, values)) !== filled(spanish, values);
    });
    expect(wrong).toEqual([]);
  });

  it('may say its values in another order', () => {
    expect(retold({ '{} of {} could be read': 'de {1} se leyeron {0}' }, '3 of 4 could be read')).toBe(
      'de 4 se leyeron 3',
    );
  });

  it('takes the format that says most', () => {
    const rows = { 'cannot {} {}: {}': 'general {} {} {}', 'cannot look at {}: {}': 'examinar {}: {}' };
    expect(retold(rows, 'cannot look at a: gone')).toBe('examinar a: gone');
    expect(retold(rows, 'cannot read a: gone')).toBe('general read a gone');
  });
});
