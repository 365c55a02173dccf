import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, breaks, eachWithPage, hasBrowser, openPage, type Server, shoot, signIn } from './browser';

describe.skipIf(!hasBrowser)('sets of rules', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const proposal = (version: number) => page.getByRole('article', { name: `Proposal ${version}` });
  const button = (version: number, name: string) => proposal(version).getByRole('button', { name });

  it('shows what a proposal changes and approves it, by the keyboard alone', async () => {
    await signIn(page, server, '/rules');
    await proposal(2).waitFor();
    await page.getByText('32 rules', { exact: false }).first().waitFor();
    await expect.poll(() => page.getByRole('region', { name: 'Rules', exact: true }).locator('tbody tr').count()).toBe(32);
    await page.locator('summary', { hasText: '1 more rule raises no alert of its own' }).waitFor();
    await expect.poll(() => proposal(2).locator('.figures').innerText()).toMatch(/13[\s\S]*11[\s\S]*0[\s\S]*2[\s\S]*4/);
    await proposal(2).locator('summary').focus();
    await page.keyboard.press('Enter');
    await proposal(2).locator('.diff').waitFor();
    expect(await proposal(2).locator('.diff .gone').allInnerTexts()).toContain('− level: high');
    expect(await proposal(2).locator('.diff .new').allInnerTexts()).toContain('+ level: critical');
    await expect.poll(() => proposal(2).locator('.diff .new', { hasText: 'condition' }).count()).toBe(1);
    await shoot(page, 'rules_proposal');
    expect(await axeFindings(page)).toEqual([]);
    await button(2, 'Approve').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await shoot(page, 'rules_approve');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.type('Tried on a week.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast', { hasText: 'In force: version 2' }).waitFor();
    await page.locator('.decided li', { hasText: 'Tried on a week.' }).waitFor();
    await expect.poll(() => proposal(2).count()).toBe(0);
    await shoot(page, 'rules_history');
    expect(said).toEqual([]);
  });

  it('records, confirms and ends an agreement on staff data, and shows which rules are off', async () => {
    await signIn(page, server, '/rules');
    const one = (reference: string) => page.locator('.agreements li', { hasText: reference });
    await one('Works agreement 9/2026').waitFor();
    await expect.poll(() => page.locator('td .tag', { hasText: 'off: no agreement' }).count()).toBeGreaterThan(0);
    await one('9/2026').getByRole('button', { name: 'Confirm' }).click();
    await one('9/2026').getByText('waits for').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Record an agreement' }).click();
    await page.locator('dialog[open]').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Reference').fill('Works agreement 11/2026');
    await page.getByLabel('Parties').fill('Terminal and works council');
    await page.getByLabel('From').fill('2026-03-01');
    await page.getByLabel('Until').fill('2027-03-01');
    await shoot(page, 'agreement_record');
    await page.keyboard.press('Enter');
    await one('11/2026').waitFor();
    await expect.poll(() => one('11/2026').getByRole('button', { name: 'Confirm' }).isDisabled()).toBe(true);
    await expect.poll(() => one('11/2026').innerText()).toContain('a second person');
    await one('7/2026').getByRole('button', { name: 'End it now' }).click();
    await page.locator('dialog textarea').fill('Replaced by another.');
    await page.keyboard.press('Control+Enter');
    await one('7/2026').getByText('Ended before its time').waitFor();
    await one('7/2026').scrollIntoViewIfNeeded();
    await shoot(page, 'agreements');
    expect(said).toEqual([]);
  });

  it('does not let the proposer approve, and says why', async () => {
    await signIn(page, server, '/rules');
    await proposal(3).waitFor();
    await expect.poll(() => button(3, 'Approve').isDisabled()).toBe(true);
    const why = await button(3, 'Approve').getAttribute('aria-describedby');
    await expect.poll(() => page.locator(`#${why}`).innerText()).toContain('a second person');
    await proposal(3).locator('summary').click();
    await expect.poll(() => proposal(3).innerText()).toContain('New exception: terminal security officer');
    await button(3, 'Take back').click();
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await page.locator('dialog textarea').fill('The exception is too long.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast', { hasText: 'Refused: version 3' }).waitFor();
    await page.keyboard.press('Escape');
    await button(2, 'Refuse').click();
    await page.locator('dialog textarea').fill('No vectors.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('No proposal waits').waitFor();
    await shoot(page, 'rules_no_proposal');
  });

  it('goes back with a reason', async () => {
    await signIn(page, server, '/rules');
    await page.getByRole('button', { name: 'Go back to the rules of the program' }).click();
    await page.locator('dialog textarea').fill('Too loud.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast', { hasText: 'Back in force' }).waitFor();
    await expect.poll(() => page.locator('.decided li').first().innerText()).toContain('for review by a second person');
  });

  it('offers nothing to those who only read, and tells who is not on the list', async () => {
    await signIn(page, server, '/rules', 'auditor');
    await proposal(2).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await page.context().close();
    ({ page, said } = await openPage(browser));
    await page.route('**/api/rule-sets', async (route) => {
      const sets = await (await route.fetch()).json();
      for (const each of sets.proposals) each.approve.refusal = 'not_an_approver';
      await route.fulfill({ json: sets });
    });
    await signIn(page, server, '/rules');
    await proposal(2).waitFor();
    await expect.poll(() => button(2, 'Approve').isDisabled()).toBe(true);
    await expect.poll(() => proposal(2).innerText()).toContain('not on the list of approvers');
  });

  it('keeps the list of rules where the sets cannot be read', async () => {
    breaks(/status of 503/);
    await page.route('**/api/rule-sets', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: '', status: 503, code: 'not_ready', detail: 'In a moment.' }),
      }),
    );
    await signIn(page, server, '/rules');
    await page.locator('.state.problem', { hasText: 'The server is starting' }).first().waitFor({ timeout: 60_000 });
    await expect.poll(() => page.locator('td .level').count()).toBeGreaterThan(5);
  });
});
