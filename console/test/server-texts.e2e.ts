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

  it('is Spanish in the history of a feed and in its rejects, with the values that stand in them', async () => {
    await page.route('**/api/feeds', async (route) => {
      const response = await route.fetch();
      const { items } = (await response.json()) as { items: { feed: string; health: { fields: object[] }[] }[] };
      const moves = items.find(({ feed }) => feed === 'yard_moves')!;
      moves.health[0]!.fields.push({ name: 'feed.detail', value: 'nothing after 2026-03-12T22:58:00Z' });
      await route.fulfill({ response, json: { items } });
    });
    await signIn(page, server, '/feeds');
    await page.locator('.feeds tr.linked', { hasText: 'yard_moves' }).locator('button').click();
    await expect.poll(() => page.locator('.health-list').innerText()).toContain('No se pudieron usar registros');
    await expect
      .poll(() => page.locator('.health-list').innerText())
      .toContain('nada después de 2026-03-12T22:58:00Z');
    await expect
      .poll(() => page.locator('.reject').innerText())
      .toContain("'2026-03-12 25:61:00' en at no es una hora de la forma %Y-%m-%d %H:%M:%S");
    expect(await english()).toEqual([]);
    await shoot(page, 'feed_spanish');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is Spanish where it refuses, and says so to a screen reader where it is not', async () => {
    let detail = 'the journal is being read; try again in a moment';
    await page.route('**/api/rules', (route) =>
      route.fulfill({ status: 409, contentType: 'application/problem+json', json: { code: 'conflict', detail } }),
    );
    await signIn(page, server, '/rules');
    const problem = page.locator('.state.problem');
    await expect.poll(() => problem.innerText()).toContain('se está leyendo el diario');
    expect(await problem.locator('[lang=en]').count()).toBe(0);
    await shoot(page, 'refusal_spanish');
    detail = 'a word of a later version';
    await problem.locator('button').first().click();
    await expect.poll(() => texts('.state.problem [lang=en]')).toEqual(['a word of a later version']);
  });
});
