import type { Browser, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('what the server says in English', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  eachWithPage((ground) => ({ browser, server, page } = ground));
  beforeEach(async () => {
    await page.context().close();
    ({ page } = await openPage(browser, { language: 'es-ES' }));
  });

  const texts = (selector: string) => page.locator(selector).allInnerTexts();
  const english = () => texts('main [lang=en]');

  it('is Spanish on a Spanish timeline: what each record means, and what contradicts itself', async () => {
    await signIn(page, server, '/timeline/container/QXCU6170026');
    const table = page.locator('.timeline-table');
    await table.waitFor();
    await expect.poll(() => table.innerText()).toContain('Una máquina movió el contenedor dentro de la instalación.');
    await table.locator('button.as-link', { hasText: 'container.moved' }).first().click();
    await expect
      .poll(() => page.locator('.event-detail header').innerText())
      .toContain('Una máquina movió el contenedor dentro de la instalación.');
    expect(await english()).toEqual([]);
    await shoot(page, 'timeline_spanish');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is Spanish in an alert: its facts, its records, what they bear out', async () => {
    await signIn(page, server, '/watch');
    await page.locator('[role=option]', { hasText: 'Precinto cambiado' }).first().click();
    await expect.poll(() => page.locator('.facts').innerText()).toContain('Ninguno de los precintos indicados aquí');
    expect((await texts('.evidence .what')).join('\n')).toContain('El contenedor salió de la instalación por tierra');
    const carried = page.locator('.evidence .source [title]', { hasText: 'seal.known' });
    expect(await carried.first().getAttribute('title')).toMatch(/^Precintos del contenedor justo antes/);
    expect(await english()).toEqual([]);
    await shoot(page, 'alert_spanish');
  });

  it('is Spanish in the history of a feed', async () => {
    await signIn(page, server, '/feeds');
    await page.locator('.feeds tr.linked', { hasText: 'yard_moves' }).locator('button').click();
    await expect.poll(() => page.locator('.health-list').innerText()).toContain('No se pudieron usar registros');
    await shoot(page, 'feed_spanish');
  });
});
