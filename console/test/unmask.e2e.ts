import type { Browser, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kReason = 'He left his card at the gate and must be called.';

describe.skipIf(!hasBrowser)('unmasking', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let said: string[];
  /** Of the alert that is opened, and a pseudonym of it. */
  let alertId: string;
  let pseudonym: string;
  eachWithPage((ground) => ({ server, browser, page, said } = ground));
  beforeEach(() => {
    const { summary } = server.alertThat(({ summary: { subjects } }) =>
      subjects.some(({ value }) => value.startsWith('account-')),
    );
    alertId = summary.alert_id;
    pseudonym = summary.subjects.find(({ value }) => value.startsWith('account-'))!.value;
  });

  const unmask = () => page.getByRole('button', { name: `Unmask ${pseudonym}…` }).first();
  const dialog = () => page.locator('dialog[open]');
  const card = (on = page) => on.locator('.unmasking', { hasText: pseudonym });
  const send = () => dialog().locator('button[type=submit]');

  async function ask(way: 'Ask a second person' | 'Break the glass') {
    await signIn(page, server, `/watch?state=all&alert=${alertId}`);
    await unmask().click();
    await dialog().getByText(way).first().click();
    await dialog().locator('textarea').fill(kReason);
    await send().click();
    await dialog().waitFor({ state: 'detached' });
  }
  async function as(login: string, path = '/unmaskings') {
    const other = await openPage(browser);
    await signIn(other.page, server, path, login);
    return other.page;
  }

  it('is asked for beside a pseudonym and granted by a colleague, then shown and hidden again', async () => {
    await signIn(page, server, `/watch?state=all&alert=${alertId}`);
    await unmask().focus();
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await expect.poll(() => dialog().innerText()).toContain('72 hours');
    await dialog().locator('textarea').fill('too short');
    await expect.poll(() => send().isDisabled()).toBe(true);
    await dialog().locator('textarea').fill(kReason);
    await shoot(page, 'unmask_dialog');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Asked. A second person decides.').waitFor();
    await page.goto(`${server.address}/unmaskings?show=mine`);
    await expect.poll(() => card().innerText()).toContain('waits for a second person');
    await expect.poll(() => card().getByRole('button', { name: 'Approve' }).count()).toBe(0);

    const second = await as('colleague');
    await expect.poll(() => second.locator('.nav-count').innerText()).toBe('1');
    await card(second).getByRole('button', { name: 'Approve' }).click();
    await second.locator('dialog textarea').fill('The card is his.');
    await second.locator('dialog button[type=submit]').click();
    await expect.poll(() => second.locator('.state').innerText()).toContain('Nothing waits for you');

    await page.reload();
    await card().getByRole('button', { name: 'Show it' }).click();
    await expect.poll(() => card().locator('.clear-value b').innerText()).toBe('CLERK7');
    await expect.poll(() => card().innerText()).toContain('Seen 1 time');
    await shoot(page, 'unmaskings_shown');
    await card().getByRole('button', { name: 'Hide it' }).click();
    await expect.poll(() => page.locator('body').innerText()).not.toContain('CLERK7');
    expect(said).toEqual([]);
  });

  it.each<[string, Look]>([
    ['dark', { theme: 'dark' }],
    ['phone', { width: 390 }],
    ['spanish', { language: 'es-ES', theme: 'dark' }],
  ])('%s: nothing for axe in the question', async (look, options) => {
    const other = await openPage(browser, options);
    await signIn(other.page, server, `/watch?state=all&alert=${alertId}`);
    await other.page.locator('.detail .unmask').first().click();
    await other.page.locator('dialog[open] textarea').waitFor();
    await shoot(other.page, `unmask_dialog_${look}`);
    expect(await axeFindings(other.page)).toEqual([]);
    expect(other.said).toEqual([]);
  });

  it('hides by itself', async () => {
    await page.clock.install({ time: '2026-03-13T05:00:00Z' });
    await ask('Break the glass');
    await card().getByRole('button', { name: 'Show it' }).click();
    await expect.poll(() => card().locator('.clear-value b').innerText()).toBe('CLERK7');
    await page.clock.fastForward(61_000);
    await expect.poll(() => card().getByRole('button', { name: 'Show it' }).count()).toBe(1);
  });

  it('breaks the glass with its consequences said, and an auditor reviews it without seeing the value', async () => {
    await ask('Break the glass');
    await page.waitForURL('**/unmaskings?show=mine');
    await expect.poll(() => card().innerText()).toContain('glass broken');
    await card().getByRole('button', { name: 'Show it' }).waitFor();
    const auditor = await as('auditor');
    await expect.poll(() => card(auditor).getByRole('button', { name: 'Show it' }).count()).toBe(0);
    await card(auditor).getByRole('button', { name: 'Not justified' }).click();
    await auditor.locator('dialog textarea').fill('It could have waited for a colleague.');
    await auditor.locator('dialog button[type=submit]').click();
    await auditor.getByRole('button', { name: 'All', exact: true }).click();
    await expect.poll(() => card(auditor).innerText()).toContain('Found not justified');
    await page.reload();
    await expect.poll(() => card().innerText()).toContain('Found not justified');
    await expect.poll(() => card().getByRole('button', { name: 'Show it' }).count()).toBe(0);
  });

  it('says that a review is overdue', async () => {
    server.ask('colleague', 'break_glass', pseudonym, '2026-03-09T05:00:00Z');
    await signIn(page, server, '/unmaskings');
    await expect.poll(() => card().innerText()).toContain('review overdue');
    await expect.poll(() => card().innerText()).toContain('no longer readable');
    await page.locator('input[type=month]').fill('2026-02');
    await expect.poll(() => card().count()).toBe(0);
    await page.locator('input[type=month]').fill('2026-03');
    await expect.poll(() => card().count()).toBe(1);
    expect(page.url()).toContain('month=2026-03');
  });

  it('is in the palette, and in the timeline of the box', async () => {
    await signIn(page, server, `/watch?state=all&alert=${alertId}`);
    await unmask().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(`unmask ${pseudonym}`);
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog().innerText()).toContain(pseudonym);
    await page.keyboard.press('Escape');
    await page.goto(`${server.address}/timeline/container/QZBU2876950?alert=77c83fd3b02ed7e6403cf3877e5f3e60`);
    await page.locator('.event-detail').waitFor();
    await page.keyboard.press('k');
    await expect.poll(() => page.locator('.unmask').count()).toBeGreaterThan(0);
  });

  it('is offered in a case on the ground of the case', async () => {
    await signIn(page, server, `/watch?state=all&alert=${alertId}`);
    await unmask().waitFor();
    const caseId = server.openCaseOf('officer', alertId);
    await page.goto(`${server.address}/cases/${caseId}`);
    await unmask().click();
    await dialog().locator('textarea').fill(kReason);
    await send().click();
    await page.goto(`${server.address}/unmaskings?show=mine`);
    await expect.poll(() => card().locator(`a[href="/cases/${caseId}"]`).count()).toBe(1);
  });

  it('is not offered to who only looks', async () => {
    await signIn(page, server, `/watch?state=all&alert=${alertId}`, 'viewer');
    await page.locator('.detail-body').waitFor();
    await expect.poll(() => page.locator('.unmask').count()).toBe(0);
    await expect.poll(() => page.locator('.nav a', { hasText: 'Unmaskings' }).count()).toBe(0);
  });

  it('says what went wrong and stays open', async () => {
    await page.route('**/api/unmaskings', (route) =>
      route.request().method() === 'GET'
        ? route.continue()
        : route.fulfill({
            status: 409,
            contentType: 'application/problem+json',
            body: JSON.stringify({
              type: 'about:blank',
              title: '',
              status: 409,
              code: 'no_second_person',
              detail: 'nobody else may decide this',
            }),
          }),
    );
    await signIn(page, server, `/watch?state=all&alert=${alertId}`);
    await unmask().click();
    await dialog().locator('textarea').fill(kReason);
    await send().click();
    await expect.poll(() => dialog().innerText()).toContain('There is no second person');
    await expect.poll(() => dialog().locator('textarea').inputValue()).toBe(kReason);
  });
});
