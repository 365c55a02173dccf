import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('several alerts at once', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const rows = () => page.locator('[role=option]');
  const marked = () => page.locator('[role=option][aria-checked=true]');
  const count = () => page.locator('.lot [role=status]');
  const toast = (text: string) => page.locator('.toast', { hasText: text });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const send = async () => {
    await press('Control+Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };
  const open = async () => {
    await signIn(page, server, '/watch');
    await expect.poll(() => rows().count()).toBe(10);
  };

  it('are chosen and dismissed by the keyboard alone, and all are taken back together', async () => {
    await open();
    await press('j', 'x', 'j', 'j', 'x');
    await expect.poll(() => count().innerText()).toBe('2 alerts chosen');
    await press('Shift+ArrowDown', 'Shift+ArrowDown');
    await expect.poll(() => count().innerText()).toBe('4 alerts chosen');
    expect(await marked().count()).toBe(4);
    const titles = await marked().allInnerTexts();
    await shoot(page, 'watch_lot');
    expect(await axeFindings(page)).toEqual([]);
    await press('d');
    await page.locator('dialog[open]', { hasText: '4 alerts at once' }).waitFor();
    await shoot(page, 'watch_lot_dismiss');
    expect(await axeFindings(page)).toEqual([]);
    const asked = page.waitForRequest((request) => request.url().endsWith('/api/alerts/decisions'));
    await press('3');
    await page.keyboard.type('One file was read twice.');
    await send();
    expect((await asked).postDataJSON()).toMatchObject({ decision: { action: 'dismiss', reason_code: 'data_error' } });
    await toast('Dismissed: 4 alerts').waitFor();
    await expect.poll(() => rows().count()).toBe(6);
    await expect.poll(() => page.locator('.lot').count()).toBe(0);
    for (const title of titles) expect(await rows().allInnerTexts()).not.toContain(title);
    await press('u');
    await toast('Undone on 4 alerts').waitFor();
    await expect.poll(() => rows().count()).toBe(10);
    expect(said).toEqual([]);
  });

  it('are chosen by hand, with Shift all between, and go into one new case', async () => {
    await open();
    await rows().nth(1).locator('.tick').click();
    await rows().nth(3).click({ modifiers: ['Shift'] });
    await rows().nth(5).locator('.tick').click();
    await rows().nth(2).click({ modifiers: ['Control'] });
    await expect.poll(() => count().innerText()).toBe('3 alerts chosen');
    await expect.poll(() => page.locator('.watch.open').count()).toBe(0);
    await press('c');
    await expect.poll(() => page.locator('dialog input.input').inputValue()).toMatch(/ \+2$/);
    await page.locator('dialog input.input').fill('Three of one night');
    await send();
    await toast('Put into a case: 3 alerts').getByRole('link', { name: 'To the case' }).click();
    await expect.poll(() => page.locator('.alert-link').count()).toBe(3);
    await page.goBack();
    await expect.poll(() => rows().count()).toBe(7);
    expect(said).toEqual([]);
  });

  it('are all let go with Escape, before the open alert is; and all of a list are chosen at once', async () => {
    await open();
    await rows().first().click();
    await page.locator('.detail h1').waitFor();
    await press('x', 'j', 'x');
    await expect.poll(() => count().innerText()).toBe('2 alerts chosen');
    await press('Escape');
    await expect.poll(() => page.locator('.lot').count()).toBe(0);
    await expect.poll(() => page.locator('.watch.open').count()).toBe(1);
    await press('x');
    await page.getByRole('button', { name: 'Choose all 10' }).click();
    await expect.poll(() => count().innerText()).toBe('10 alerts chosen');
    await page.locator('.lot').getByRole('button', { name: 'Take' }).click();
    await toast('Taken: 10 alerts').waitFor();
    await expect.poll(() => page.locator('[role=option] .triage.taken').count()).toBe(10);
    await toast('Taken: 10').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.locator('[role=option] .triage.taken').count()).toBe(0);
    expect(said).toEqual([]);
  });

  it('stay chosen where the server refuses, which says why', async () => {
    await open();
    await page.route('**/api/alerts/decisions', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Conflict', status: 409, code: 'conflict', detail: 'too late' }),
      }),
    );
    await press('j', 'x', 'j', 'x', 'n');
    await page.locator('dialog textarea').fill('Both seen.');
    await press('Control+Enter');
    await page.locator('dialog .notice.problem', { hasText: 'too late' }).waitFor();
    await press('Escape');
    await expect.poll(() => count().innerText()).toBe('2 alerts chosen');
  });

  it('cannot be chosen by a viewer; and fit a telephone, in the dark, in Spanish', async () => {
    await signIn(page, server, '/watch', 'viewer');
    await rows().first().waitFor();
    await press('j', 'x');
    expect(await page.locator('.tick, .lot').count()).toBe(0);
    const phone = await openPage(browser, { width: 390, theme: 'dark', language: 'es' });
    ({ page, said } = phone);
    await open();
    await rows().nth(0).locator('.tick').click();
    await rows().nth(2).locator('.tick').click();
    await expect.poll(() => count().innerText()).toBe('2 alertas elegidas');
    await shoot(page, 'watch_lot_phone');
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(said).toEqual([]);
  });
});
