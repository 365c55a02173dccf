import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('texts of rules', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  let asked: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const inLanguage = async (language: string) => {
    await page.context().close();
    ({ page, said } = await openPage(browser, { language }));
    asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  };
  const detail = () => page.locator('.detail');
  const open = async (title: string) => {
    await signIn(page, server, '/watch');
    await page.locator('[role=option]', { hasText: title }).first().click();
    await detail().locator('.do-now').waitFor();
  };
  const texts = (selector: string) => page.locator(selector).allInnerTexts();
  const fetchedSpanish = () => asked.some((path) => path.includes('/es-'));

  it('are Spanish on a Spanish page: in the queue, in the alert, in the title offered for its case', async () => {
    await inLanguage('es-ES');
    await open('Precinto cambiado sin que conste inspección ni reprecintado');
    expect(await detail().locator('h1').innerText()).toBe('Precinto cambiado sin que conste inspección ni reprecintado');
    await expect.poll(() => detail().locator('.why').innerText()).toMatch(/^Los precintos indicados en este paso/);
    expect(await texts('.do-now li')).toEqual([
      'Retenga el contenedor y compare el precinto de la puerta con ambos números; fotografíelo.',
      'Pregunte a aduanas y al punto de inspección si hubo una apertura entre las dos horas.',
      'Si nadie lo abrió, trate el contenedor como abierto y haga que se inspeccione.',
    ]);
    expect((await texts('.rule-out li'))[0]).toMatch(/^Una inspección aduanera o fitosanitaria/);
    expect(await page.locator('.alert-title [lang], .detail h1 [lang], .do-now [lang], .rule-out [lang]').count()).toBe(0);
    await shoot(page, 'rule_texts_spanish');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('c');
    await expect.poll(() => page.locator('dialog input.input').inputValue()).toMatch(/Precinto cambiado sin que conste/);
    expect(said).toEqual([]);
  });

  it('stand as a site wrote them where it did, and say so to a screen reader', async () => {
    await inLanguage('es-ES');
    await page.route(/\/api\/alerts\/[0-9a-f]{32}$/, async (route) => {
      const response = await route.fetch();
      const alert = (await response.json()) as { actions: string[] };
      await route.fulfill({ response, json: { ...alert, actions: ['Call gate 4.', ...alert.actions] } });
    });
    await open('Precinto cambiado');
    expect(await texts('.do-now [lang=en]')).toEqual(['Call gate 4.']);
    expect((await texts('.do-now li'))[1]).toMatch(/^Retenga el contenedor/);
  });

  it('are Spanish on the pages of rules and of the law; the document of a rule is what it is', async () => {
    await inLanguage('es-ES');
    await signIn(page, server, '/rules');
    const high = page.locator('.sheet table tr', { hasText: 'Alta' });
    await high.filter({ hasText: 'Recogida por una empresa' }).waitFor();
    const names = await high.locator('td:nth-child(2)').allInnerTexts();
    expect(names.length).toBeGreaterThan(3);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'es')));
    await shoot(page, 'rules_spanish');
    await page.getByRole('link', { name: 'Recogida por una empresa' }).click();
    await expect.poll(() => page.locator('h1').innerText()).toBe(
      'Recogida por una empresa que nunca tuvo la orden de entrega',
    );
    expect((await texts('.numbered li'))[0]).toMatch(/^Retenga el contenedor/);
    expect(await page.locator('pre').innerText()).toMatch(/^title: Collection by a party/);
    await shoot(page, 'rule_spanish');
    await page.goto(`${server.address}/legal/staff`);
    const row = page.locator('tr', { hasText: 'Una tarjeta entra estando ya dentro' });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/Hallar tarjetas que usa más de una persona[^]*El control de la jornada[^]*Alguien salió detrás/);
    await shoot(page, 'legal_staff_spanish');
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
  });

  it('cost an English page nothing', async () => {
    await inLanguage('en-GB');
    await open('Seal changed');
    expect(await page.locator('.do-now [lang=en]').count()).toBeGreaterThan(0);
    expect(fetchedSpanish()).toBe(false);
    await page.locator('.menu summary').click();
    await page.locator('.menu select').nth(1).selectOption('es');
    await expect.poll(() => detail().locator('h1').innerText()).toMatch(/^Precinto cambiado/);
    expect(fetchedSpanish()).toBe(true);
  });
});
