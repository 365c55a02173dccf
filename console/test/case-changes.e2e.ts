import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('what becomes of a case', () => {
  let page: Page;
  let said: string[];
  let server: Server;
  eachWithPage((ground) => ({ page, said, server } = ground));

  const row = (index: number) => page.locator('.alert-row').nth(index);
  const rows = () => page.locator('.alert-row').count();
  /** The first alerts of the queue, in a new case. */
  const openCase = async (title: string, alerts: number) => {
    await page.evaluate(
      async ({ title: name, alerts: count }) => {
        const { csrf_token } = await (await fetch('/api/session')).json();
        const { items } = await (await fetch('/api/alerts?limit=10')).json();
        const alert_ids = items.slice(0, count).map(({ alert_id }: { alert_id: string }) => alert_id);
        const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token };
        await fetch('/api/cases', { method: 'POST', headers, body: JSON.stringify({ title: name, alert_ids }) });
      },
      { title, alerts },
    );
  };
  const goTo = async (title: string) => {
    await page.goto(`${server.address}/cases`);
    await page.getByRole('link', { name: title }).click();
    await page.getByRole('heading', { name: title }).waitFor();
  };

  it('takes alerts out, puts them back, and gives some a case of their own', async () => {
    await signIn(page, server, '/cases');
    await openCase('Three boxes', 3);
    await goTo('Three boxes');
    expect(await page.getByRole('button', { name: 'Take out' }).count()).toBe(0);
    await row(0).locator('input').check();
    await page.getByRole('button', { name: 'Take out' }).click();
    await expect.poll(rows).toBe(2);
    await page.locator('.toast button').click();
    await expect.poll(rows).toBe(3);

    for (const index of [0, 1, 2]) await row(index).locator('input').check();
    const split = page.getByRole('button', { name: 'Into a case of their own' });
    await expect.poll(() => split.isDisabled(), { message: 'one must stay' }).toBe(true);
    await row(2).locator('input').uncheck();
    await shoot(page, 'case_choose');
    expect(await axeFindings(page)).toEqual([]);
    await split.click();
    await page.locator('dialog[open] input').fill('Two of one haulier');
    await shoot(page, 'case_split');
    await page.keyboard.press('Enter');
    await expect.poll(rows).toBe(1);
    await page.locator('.steps a', { hasText: 'the other case' }).click();
    await page.getByRole('heading', { name: 'Two of one haulier' }).waitFor();
    await expect.poll(rows).toBe(2);
    expect(said).toEqual([]);
  });

  it('takes in another case, which leads here, and lets a colleague read', async () => {
    await signIn(page, server, '/cases');
    await openCase('First report', 1);
    await openCase('Second report', 2);
    await goTo('First report');
    await page.getByRole('button', { name: 'Take in another case' }).click();
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await page.locator('dialog select').selectOption({ label: 'Second report · 2 alerts' });
    await shoot(page, 'case_merge');
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('dialog .primary').click();
    await expect.poll(rows).toBe(3);
    await page.getByLabel('Let in').selectOption({ label: 'Officer B' });
    await page.locator('.case-head .tag', { hasText: 'Officer B' }).waitFor();
    await expect.poll(() => page.locator('.case-head .tag', { hasText: 'Officer A' }).count(), { message: 'owner' }).toBe(0);
    await page.getByLabel('New task').fill('Ask the yard');
    await page.keyboard.press('Enter');
    const merges = page.locator('.merges li');
    await expect.poll(() => merges.first().innerText()).toContain('Ask the yard');
    await shoot(page, 'case_merged');
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(`${server.address}/cases?state=merged`);
    await page.getByRole('link', { name: 'Second report' }).click();
    await page.getByRole('link', { name: 'It went into another case' }).click();
    await page.getByRole('heading', { name: 'First report' }).waitFor();
    await merges.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(rows).toBe(1);
    expect(await merges.first().innerText()).toContain('Taken out again');
    expect(await merges.first().innerText()).toContain('Ask the yard');
    expect(await merges.getByRole('button').count()).toBe(0);
    await merges.getByRole('link', { name: 'Second report' }).click();
    await page.getByRole('heading', { name: 'Second report' }).waitFor();
    await expect.poll(rows).toBe(2);
    expect(said).toEqual([]);
  });

  it('is reopened with a reason; who only reads is offered nothing; and it fits a telephone', async () => {
    await signIn(page, server, '/cases');
    await openCase('Closed too soon', 2);
    await goTo('Closed too soon');
    await page.getByRole('button', { name: 'Close case' }).click();
    await page.getByLabel('Outcome').selectOption('cleared');
    await page.getByLabel('Reason').fill('The carrier explained it.');
    await page.getByLabel('Was the person told').selectOption('yes');
    await page.getByLabel('How and when').fill('By letter, the same day.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Reopen case' }).click();
    await page.locator('dialog textarea').fill('The explanation was another box.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Close case' }).waitFor();
    expect(said).toEqual([]);

    const phone = await openPage(page.context().browser()!, { theme: 'dark', width: 390 });
    await signIn(phone.page, server, new URL(page.url()).pathname);
    await phone.page.locator('.alert-row input').first().check();
    await shoot(phone.page, 'case_phone');
    expect(await axeFindings(phone.page)).toEqual([]);
    const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);

    const viewer = await openPage(page.context().browser()!);
    await signIn(viewer.page, server, new URL(page.url()).pathname, 'viewer');
    await viewer.page.locator('.alert-link').first().waitFor();
    expect(await viewer.page.locator('.alert-row input').count()).toBe(0);
    expect(await viewer.page.getByRole('button', { name: 'Take in another case' }).count()).toBe(0);
  });
});
