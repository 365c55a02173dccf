import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kLooks: [string, Look][] = [
  ['dark', { theme: 'dark' }],
  ['phone', { width: 390 }],
  ['spanish', { language: 'es-ES' }],
];

describe.skipIf(!hasBrowser)('own sessions', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const rows = () => page.locator('.own-sessions li');
  const openList = async (button = 'Where I am signed in') => {
    await page.locator('.menu summary').click();
    await page.getByRole('button', { name: button }).click();
    await rows().first().waitFor();
  };

  it('shows each with what it is, and ends the chosen ones with the password', async () => {
    await signIn(page, server);
    await openList();
    await expect.poll(() => rows().allInnerTexts()).toEqual([
      expect.stringMatching(/Firefox, Linux[\s\S]*this one/),
      expect.stringContaining('Edge, Windows'),
      expect.stringContaining('does not say what it is'),
    ]);
    await expect.poll(() => rows().nth(0).locator('input').isDisabled()).toBe(true);
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await rows().nth(1).locator('label').click();
    await page.locator('dialog input[type=password]').fill('not it');
    await shoot(page, 'sessions');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('dialog .problem').waitFor();
    await expect.poll(() => rows().count()).toBe(3);
    await page.locator('dialog input[type=password]').fill(server.password);
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await openList();
    await expect.poll(() => rows().count()).toBe(2);
    expect(said.filter((line) => !line.includes('400'))).toEqual([]);
  });

  const kText = 'Called the holder: transfer agreed by telephone.';
  /** The session ends while a reason is being written. */
  const cutOff = async () => {
    await signIn(page, server, '/watch?level=high');
    await page.locator('[role=option]').first().click();
    await page.locator('.detail h1').waitFor();
    await page.keyboard.press('d');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.type(kText);
    server.endSessions();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Your session has ended').waitFor();
  };
  const comeBack = async (login?: string) => {
    if (login) await page.locator('input[autocomplete=username]').fill(login);
    await page.locator('input[type=password]').fill(server.password);
    await page.keyboard.press('Enter');
    await page.locator('.topbar').waitFor();
  };

  it('says that it ended, and goes on where that was, with what was typed', async () => {
    await cutOff();
    const address = page.url();
    await shoot(page, 'session_ended');
    expect(await axeFindings(page)).toEqual([]);
    await expect.poll(() => page.locator('.detail, .alert-line, dialog').count()).toBe(0);
    await comeBack();
    expect(page.url()).toBe(address);
    await expect.poll(() => page.locator('dialog textarea').inputValue()).toBe(kText);
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast', { hasText: 'Dismissed' }).waitFor();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.locator('.live.live').waitFor();
  });

  it('leaves nothing of it to another who signs in', async () => {
    await cutOff();
    await comeBack('colleague');
    await page.locator('.menu summary', { hasText: 'Officer B' }).waitFor();
    expect(new URL(page.url()).searchParams.has('alert')).toBe(false);
    await page.locator('[role=option]').first().click();
    await page.locator('.detail h1').waitFor();
    await page.keyboard.press('d');
    await expect.poll(() => page.locator('dialog textarea').inputValue()).toBe('');
  });

  it('asks for the code too where there is a second factor, and takes all others at once', async () => {
    await page.goto(server.address);
    await page.locator('input[autocomplete=username]').fill('second');
    await page.locator('input[autocomplete=current-password]').fill(server.password);
    await page.keyboard.press('Enter');
    await page.locator('input[autocomplete=one-time-code]').fill('123456');
    await page.keyboard.press('Enter');
    await page.locator('.topbar').waitFor();
    await openList();
    await page.getByRole('button', { name: 'Choose all others' }).click();
    await page.locator('dialog input[type=password]').fill(server.password);
    await page.locator('dialog input[autocomplete=one-time-code]').fill('123456');
    await shoot(page, 'sessions_totp');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await openList();
    await expect.poll(() => rows().count()).toBe(1);
    expect(said).toEqual([]);
  });

  it('forgets what was read when the session runs out', async () => {
    await signIn(page, server, '/watch');
    await page.locator('.alert-line').first().waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Cases' }).first().click();
    await page.locator('input[autocomplete=username]').waitFor();
    await page.route('**/api/alerts**', () => {}); // never answered: what shows now would be of the one before
    await page.goBack();
    await page.locator('input[autocomplete=username]').fill('colleague');
    await page.locator('input[autocomplete=current-password]').fill(server.password);
    await page.keyboard.press('Enter');
    await page.locator('.topbar').waitFor();
    await page.locator('.bones').waitFor();
    expect(await page.locator('.alert-line').count()).toBe(0);
    expect(said.filter((line) => !line.includes('401'))).toEqual([]);
  });

  it.each(kLooks)('%s: nothing for axe, no sideways scrolling', async (look, options) => {
    await page.context().close();
    ({ page, said } = await openPage(browser, options));
    await signIn(page, server);
    await openList(look === 'spanish' ? 'Dónde he entrado' : undefined);
    await rows().nth(1).locator('label').click();
    await page.locator('dialog input[type=password]').waitFor();
    await shoot(page, `sessions_${look}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(said).toEqual([]);
  });
});
