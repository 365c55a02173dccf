import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('the watch', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const rows = () => page.locator('[role=option]');
  const chosen = () => page.locator('[role=option][aria-selected=true]');
  const detail = () => page.locator('.detail');
  const toast = () => page.locator('.toast');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const open = async (title: string, query = '') => {
    await signIn(page, server, `/watch${query}`);
    await rows().filter({ hasText: title }).first().click();
    await detail().locator('h1').waitFor();
  };
  const send = async () => {
    await press('Control+Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };
  const intoNewCase = async () => {
    await press('c');
    await page.locator('dialog[open] input[name=choice]').first().waitFor();
    await send();
    await toast().getByText('Put into a case').waitFor();
  };

  it('takes an alert out of the case that was opened with it, and leaves what was decided before', async () => {
    await open('Release looked up', '?state=all');
    await press('t');
    await detail().locator('.triage.taken').waitFor();
    await intoNewCase();
    await toast().getByRole('link', { name: 'To the case' }).waitFor();
    await shoot(page, 'watch_into_case');
    const title = /^Q[A-Z]{3} \d{6}-\d Release looked up/;
    await detail().locator('.detail-head').getByRole('link', { name: title }).waitFor();
    await detail().locator('.history').getByRole('link', { name: title }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await toast().getByRole('button', { name: 'Undo' }).click();
    await detail().locator('.triage.taken').waitFor();
    await expect.poll(() => detail().locator('.undone').allInnerTexts()).toEqual([expect.stringContaining('Put into')]);
    await detail().locator('.detail-head').getByRole('link', { name: title }).waitFor({ state: 'detached' });
    expect(said).toEqual([]);
  });

  it('offers no way back from a case that was opened without a decision', async () => {
    await open('Release looked up', '?state=all');
    await press('t');
    await detail().locator('.triage.taken').waitFor();
    await page.route(/\/api\/alerts\/[0-9a-f]{32}$/, async (route) => {
      const response = await route.fetch();
      const alert = (await response.json()) as { decisions: { action: string }[] };
      const decisions = alert.decisions.filter(({ action }) => action !== 'add_to_case');
      await route.fulfill({ response, json: { ...alert, decisions } });
    });
    await intoNewCase();
    await expect.poll(() => toast().getByRole('button').count()).toBe(0);
    await press('u');
    await toast().getByText('Nothing of yours').waitFor();
    await expect.poll(() => detail().locator('.undone').count()).toBe(0);
  });

  it('marks all as looked at, and takes that back', async () => {
    await signIn(page, server, '/watch');
    await rows().first().waitFor();
    const marks = page.locator('.changed.on');
    await expect.poll(() => marks.count()).toBe(10);
    await press('m');
    await toast().getByText('All marked').waitFor();
    await expect.poll(() => marks.count()).toBe(0);
    await press('m');
    await toast().getByText('Nothing is new').waitFor();
    await press('u');
    await expect.poll(() => marks.count()).toBe(10);
    await press('m');
    await toast().getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => marks.count()).toBe(10);
    expect(said).toEqual([]);
  });

  it('puts the cursor on the alert whose dismissal was undone', async () => {
    await signIn(page, server, '/watch');
    await rows().first().waitFor();
    await press('j', 'j', 'j');
    const dismissed = await chosen().innerText();
    await press('d');
    await page.locator('dialog[open]').waitFor();
    await press('1');
    await page.keyboard.type('Explained by telephone.');
    await send();
    await expect.poll(() => rows().count()).toBe(9);
    await press('j', 'j', 'u');
    await expect.poll(() => chosen().innerText()).toBe(dismissed);
  });

  it('acts on the alert that the key before went to, however fast the keys follow', async () => {
    await open('Release looked up');
    await press('k', 'k', 'k', 'k', 'k', 'k', 'k', 'k', 'j', 't');
    await toast().getByText('Taken').waitFor();
    await expect.poll(() => rows().nth(1).innerText()).toContain('Taken');
    expect(await page.locator('[role=option] .triage.taken').count()).toBe(1);
  });

  it('says plainly where there is nothing to acknowledge', async () => {
    await open('Seal changed');
    await expect.poll(() => detail().getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    await press('y');
    await toast().getByText('nobody was asked').waitFor();
    await press('Escape', 'k', 'y');
    await toast().getByText('nobody was asked').waitFor();
    await expect.poll(() => page.locator('.toast.problem').count()).toBe(0);
  });

  it('says why it fired, in words, with whom the records name beside', async () => {
    await open('Seal changed');
    const head = detail().locator('.detail-head');
    await expect.poll(() => head.locator('.why').innerText()).toMatch(/seal/i);
    await expect.poll(() => head.getByText('I8', { exact: true }).getAttribute('title')).toMatch(/^Seal, doors and weight/);
    await expect.poll(() => head.locator('.tag[title]').count()).toBeGreaterThan(1);
    await detail().locator('.evidence').getByText('also names').first().waitFor();
    await expect.poll(() => detail().locator('.evidence .fixed[title]').count()).toBeGreaterThan(0);
    await detail().locator('p').getByRole('link', { name: 'Seal changed without' }).waitFor();
    await shoot(page, 'watch_why');
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
  });

  it('leads back from an alert or a feed that is not there', async () => {
    await signIn(page, server, `/watch?alert=${'d'.repeat(32)}`);
    await detail().getByRole('button', { name: 'To the queue' }).click();
    await expect.poll(() => page.locator('.watch.open').count()).toBe(0);
    await page.goto(`${server.address}/feeds/nope`);
    await page.getByText('No feed that you may see is called nope').waitFor();
    await shoot(page, 'feed_unknown');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('leaves a phone the room below the head of an alert', async () => {
    await page.context().close();
    ({ page, said } = await openPage(browser, { width: 390 }));
    await open('Release looked up');
    await detail().evaluate((element) => element.scrollTo(0, 900));
    await expect.poll(() => detail().locator('h1').boundingBox().then((box) => box!.y)).toBeLessThan(0);
    await shoot(page, 'watch_phone_scrolled');
    expect(said).toEqual([]);
  });

  it('shows until when one could have acted, and three dots where there is no room for it', async () => {
    await page.clock.setFixedTime('2026-04-24T08:30:00Z');
    await signIn(page, server, '/watch');
    const late = page.locator('.act-before.over').first();
    await expect.poll(() => late.innerText()).toBe('Was to act 13 Mar 08:30 42d ago');
    const isWhole = () => late.evaluate((element) => element.scrollWidth <= element.clientWidth);
    await expect.poll(isWhole).toBe(true);
    await shoot(page, 'watch_too_late');
    await rows().first().click();
    await detail().locator('h1').waitFor();
    await expect.poll(isWhole).toBe(true);
    await shoot(page, 'watch_too_late_open');
    await late.evaluate((element) => (element.textContent += ' and longer than any line of the queue has room for'));
    expect(await isWhole()).toBe(false);
    expect(
      await late.evaluate((element) => {
        const { textOverflow, overflowX } = getComputedStyle(element);
        const beyond = element.getBoundingClientRect().right - element.parentElement!.getBoundingClientRect().right;
        return { textOverflow, overflowX, isInside: beyond <= 0 };
      }),
    ).toEqual({ textOverflow: 'ellipsis', overflowX: 'hidden', isInside: true });
  });
});
