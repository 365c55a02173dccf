import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('rules tried on history', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const card = (of = page) => of.getByRole('region', { name: 'Tried on history' });
  const tryIt = (of = page) => of.getByRole('button', { name: 'Try on history' });
  const text = (of = page) => of.locator('.edit-lines textarea');

  /** A draft that compiles, of one rule that is louder. */
  async function draft(of = page) {
    await signIn(of, server, '/rules/edit?rule=c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05');
    await text(of).waitFor();
    await expect.poll(() => tryIt(of).isDisabled()).toBe(true);
    await text(of).fill((await text(of).inputValue()).replace('level: high', 'level: critical'));
    await expect.poll(() => tryIt(of).isEnabled()).toBe(true);
  }
  async function begin(of = page) {
    await tryIt(of).click();
    await of.locator('dialog[open]').waitFor();
    await of.locator('dialog .primary').click();
    await of.locator('dialog[open]').waitFor({ state: 'detached' });
  }
  const found = (of = page) => card(of).locator('.trial-chart').waitFor({ timeout: 60_000 });

  it('is asked for by key, told on its way, and goes with the proposal to the second person', async () => {
    server.holdBacktests(true);
    await draft();
    await page.locator('h1').click();
    await page.keyboard.press('h');
    await page.locator('dialog[open]').waitFor();
    await page.getByLabel('First day').fill('2026-03-12');
    await page.getByLabel('Last day').fill('2026-03-01');
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await page.getByLabel('First day').fill('2026-02-13');
    await page.getByLabel('Last day').fill('2026-03-12');
    await shoot(page, 'rules_try');
    expect(await axeFindings(page)).toEqual([]);
    const asked = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/backtests'));
    await page.keyboard.press('Enter');
    expect((await asked).postDataJSON()).toMatchObject({ from: '2026-02-13T00:00:00Z', until: '2026-03-13T00:00:00Z' });
    await card().getByText('Judging what happened').waitFor();
    await expect.poll(() => card().innerText()).toContain('29 % · 2,800 events so far · about 8 s left');
    await expect.poll(() => tryIt().isDisabled()).toBe(true);
    await shoot(page, 'rules_trying');
    expect(await axeFindings(page)).toEqual([]);

    server.holdBacktests(false);
    await found();
    await expect.poll(() => card().innerText()).toContain('goes with the proposal');
    await expect.poll(() => card().locator('.figures').innerText()).toMatch(/9[\s\S]*8[\s\S]*2[\s\S]*3[\s\S]*1/);
    await expect.poll(() => card().locator('.trial-chart svg g').count()).toBe(28);
    await card().locator('summary', { hasText: 'As a table' }).click();
    await expect.poll(() => card().locator('.trial-days tbody tr').count()).toBe(28);
    await card().locator('summary', { hasText: 'Alerts that change: 1' }).click();
    await card().getByText('level: high, now critical').waitFor();
    await card().locator('summary', { hasText: 'Alerts that appear: 2' }).click();
    await expect.poll(() => card().locator('.trial-examples a').first().getAttribute('href')).toMatch(/^\/timeline\//);
    await expect.poll(() => card().locator('.trial-rules').first().locator('tbody tr').count()).toBe(1);
    await card().locator('summary', { hasText: '31 rules give the same' }).click();
    await expect.poll(() => card().locator('.trial-rules').last().locator('tbody tr').count()).toBe(31);
    await card().locator('h2').scrollIntoViewIfNeeded();
    await shoot(page, 'rules_tried');
    expect(await axeFindings(page)).toEqual([]);

    await page.reload();
    await found();
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.locator('dialog .figures').waitFor();
    await page.locator('dialog textarea').fill('Seals matter most.');
    await shoot(page, 'rules_propose_tried');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('article', { name: 'Proposal 4' }).waitFor();
    const second = await openPage(browser);
    await signIn(second.page, server, '/rules', 'colleague');
    const proposal = second.page.getByRole('article', { name: 'Proposal 4' });
    await expect.poll(() => proposal.locator('.figures').innerText()).toMatch(/9[\s\S]*8[\s\S]*2[\s\S]*3[\s\S]*1/);
    await expect.poll(() => proposal.innerText()).toContain('2026-02-13 – 2026-03-12 (UTC), against version 1');
    await expect.poll(() => proposal.getByText('by this server').count()).toBe(1);
    await proposal.scrollIntoViewIfNeeded();
    await shoot(second.page, 'rules_proposal_tried');
    expect(await axeFindings(second.page)).toEqual([]);
    expect(said).toEqual([]);
  });

  it('is begun from the palette, and given up', async () => {
    server.holdBacktests(true);
    await draft();
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.type('try on');
    await page.locator('#palette-entries li', { hasText: 'Try on history' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('First day').waitFor();
    await page.locator('dialog .primary').click();
    await card().getByRole('button', { name: 'Give up' }).click();
    await page.getByText('Given up. Nothing of it was kept.').waitFor();
    await expect.poll(() => card().count()).toBe(0);
    await expect.poll(() => tryIt().isEnabled()).toBe(true);
    await shoot(page, 'rules_given_up');
    expect(said).toEqual([]);
  });

  it('is of one draft: another is proposed without it', async () => {
    await draft();
    await begin();
    await found();
    await text().fill(`${await text().inputValue()}# more\n`);
    await card().getByText('Your draft has changed since').waitFor();
    await page.getByText('It compiles').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Propose' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.locator('dialog', { hasText: 'No back-test goes with it' }).waitFor();
    await expect.poll(() => page.locator('dialog .figures').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await card().getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => card().count()).toBe(0);
  });

  const problem = (status: number, code: string, detail: string) => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: 'Not now', status, code, detail }),
  });

  it('says why it cannot begin, came to nothing, or is lost', async () => {
    await draft();
    await page.route('**/api/rule-sets/backtests', (route) =>
      route.fulfill(problem(409, 'conflict', 'another back-test runs on this server')),
    );
    await tryIt().click();
    await page.locator('dialog .primary').click();
    await page.locator('dialog .notice.problem', { hasText: 'another back-test runs' }).waitFor();
    await shoot(page, 'rules_try_refused');
    expect(await axeFindings(page)).toEqual([]);
    await page.unroute('**/api/rule-sets/backtests');
    await page.route('**/api/rule-sets/backtests/*', async (route) => {
      const answer = await (await route.fetch()).json();
      const empty = 'nothing that the journal holds happened within this time';
      await route.fulfill({ json: { ...answer, state: 'failed', problem: empty, figures: null, result: null } });
    });
    await page.locator('dialog .primary').click();
    await card().getByText('nothing that the journal holds').waitFor();
    await shoot(page, 'rules_try_failed');
    expect(await axeFindings(page)).toEqual([]);
    await page.unroute('**/api/rule-sets/backtests/*');
    await page.route('**/api/rule-sets/backtests/*', (route) => route.fulfill(problem(404, 'not_found', 'gone')));
    await page.reload();
    await card().getByText('The server has this back-test no more').waitFor();
    await expect.poll(() => tryIt().isEnabled()).toBe(true);
    await shoot(page, 'rules_try_lost');
  });

  it('fits a telephone, in the dark', async () => {
    const phone = await openPage(browser, { width: 390, theme: 'dark', language: 'es' });
    const button = phone.page.getByRole('button', { name: 'Probar con el historial' });
    await signIn(phone.page, server, '/rules/edit?rule=c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05');
    await text(phone.page).waitFor();
    await text(phone.page).fill((await text(phone.page).inputValue()).replace('level: high', 'level: critical'));
    await expect.poll(() => button.isEnabled()).toBe(true);
    await button.click();
    await phone.page.locator('dialog .primary').click();
    const there = phone.page.getByRole('region', { name: 'Probado con el historial' });
    await there.locator('.trial-chart').waitFor({ timeout: 60_000 });
    await there.locator('h2').scrollIntoViewIfNeeded();
    expect(await there.evaluate((card) => card.scrollWidth <= card.clientWidth)).toBe(true);
    await there.locator('.trial-chart').scrollIntoViewIfNeeded();
    await shoot(phone.page, 'rules_tried_phone');
    expect(await axeFindings(phone.page)).toEqual([]);
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await there.locator('summary', { hasText: 'Alertas que cambian: 1' }).click();
    await there.getByText('nivel: Alta, ahora Crítica').waitFor();
  });
});
