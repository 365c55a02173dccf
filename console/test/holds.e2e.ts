import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kLooks: [string, Look, string][] = [
  ['dark', { theme: 'dark' }, 'Sent to KTV yard office'],
  ['phone', { width: 390 }, 'Sent to KTV yard office'],
  ['spanish', { language: 'es-ES' }, 'Enviada a KTV yard office'],
];

describe.skipIf(!hasBrowser)('sending holds', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const dialog = () => page.locator('dialog[open]');
  const hold = () => page.locator('.detail .hold');

  /** The dialog of an alert about a box, with a reason written. */
  const asking = async (look?: Look) => {
    if (look) {
      await page.context().close();
      ({ page, said } = await openPage(browser, look));
    }
    await signIn(page, server, '/watch');
    await page.locator('[role=option]', { hasText: /Release looked up|Orden de entrega consultada/ }).first().click();
    await page.locator('.detail h2').first().waitFor();
    await page.keyboard.press('h');
    await dialog().waitFor();
    await page.keyboard.type('A stranger announced the pick-up.');
  };
  const send = async () => {
    await expect.poll(() => dialog().locator('.primary').isEnabled()).toBe(true);
    await page.keyboard.press('Control+Enter');
    await dialog().waitFor({ state: 'detached' });
    await hold().last().waitFor();
  };

  it('says where the request goes, and what becomes of it', async () => {
    await asking();
    const receiver = () => dialog().locator('select').nth(1);
    await receiver().waitFor();
    await expect.poll(() => receiver().inputValue()).toBe('KTV yard office');
    await expect
      .poll(() => receiver().locator('option').allInnerTexts())
      .toEqual([
        'KTV yard office · COHAOR',
        'KTV night desk · mail with COHAOR and CSV',
        'nobody, somebody takes it from the outbox',
      ]);
    await shoot(page, 'hold_receivers');
    expect(await axeFindings(page)).toEqual([]);
    await send();
    await page.locator('.toast', { hasText: 'on its way to KTV yard office' }).waitFor();
    await hold().getByText('On its way to KTV yard office').waitFor();
    await expect.poll(() => hold().locator('b').first().innerText()).toMatch(/^[A-Z]{4} \d{6}-\d$/);
    await expect.poll(() => hold().innerText()).not.toMatch(/\d ms/);
    server.handOverHold('the webhook answered 503');
    await hold().getByText('Not yet taken by KTV yard office, tried again').waitFor();
    await hold().getByText('1 attempt', { exact: true }).waitFor();
    server.handOverHold('the webhook answered 503');
    await hold().getByText('2 attempts').waitFor();
    await expect.poll(() => hold().getByText('Sending failed').count()).toBe(1);
    await shoot(page, 'hold_not_taken');
    server.handOverHold();
    await hold().locator('.tag', { hasText: 'Sent to KTV yard office' }).waitFor();
    await hold().getByText('Sent to the receiver').waitFor();
    await shoot(page, 'hold_taken');
    expect(said).toEqual([]);
  });

  it('goes to another, or to nobody', async () => {
    await asking();
    await dialog().locator('select').nth(1).selectOption('KTV night desk');
    await send();
    await hold().getByText('On its way to KTV night desk').waitFor();
    await page.keyboard.press('h');
    await dialog().waitFor();
    await page.keyboard.type('Once more.');
    await dialog().locator('select').nth(1).selectOption('');
    await send();
    await expect.poll(() => hold().count()).toBe(2);
    await expect.poll(() => hold().nth(1).locator('.tag').allInnerTexts()).toEqual(['Hold asked for']);
    expect(said).toEqual([]);
  });

  it('says that nobody is sent it where the site names no receiver', async () => {
    server.forgetReceivers();
    await asking();
    await dialog().getByText('from here it is sent to nobody').waitFor();
    await expect.poll(() => dialog().locator('select').count()).toBe(1);
    await shoot(page, 'hold_outbox');
    expect(await axeFindings(page)).toEqual([]);
    await send();
    await expect.poll(() => hold().locator('.tag').allInnerTexts()).toEqual(['Hold asked for']);
    await page.locator('.toast', { hasText: /somebody must take h-[0-9a-f]{16} from the outbox/ }).waitFor();
    await hold().getByText('Somebody must take a file of this name').waitFor();
    expect(said).toEqual([]);
  });

  it.each(kLooks)('looks right: %s', async (name, look, sent) => {
    await asking(look);
    await dialog().locator('select').nth(1).waitFor();
    await shoot(page, `hold_receivers_${name}`);
    expect(await axeFindings(page)).toEqual([]);
    await send();
    server.handOverHold('the relay refuses user or password: 535 5.7.8 not known here');
    await hold().getByText('535 5.7.8').waitFor();
    await hold().scrollIntoViewIfNeeded();
    await shoot(page, `hold_not_taken_${name}`);
    server.handOverHold();
    await hold().locator('.tag', { hasText: sent }).waitFor();
    expect(said).toEqual([]);
  });
});
