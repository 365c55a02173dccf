import { expect, it } from 'vitest';
import { containerLabel } from './containers';

it.each([
  ['QXAU6387005', 'QXAU 638700-5'],
  ['QXAU 638700-5', 'QXAU 638700-5'],
  ['QXAU638700', 'QXAU638700'],
  ['BKG0003719', 'BKG0003719'],
  ['00ZLDVTK3SB402217', '00ZLDVTK3SB402217'],
  ['', ''],
])('%s', (text, label) => expect(containerLabel(text)).toBe(label));
