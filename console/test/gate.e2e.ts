import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kLooks: [string, Look, string][] = [
  ['dark', { theme: 'dark' }, 'Show plate and card'],
  ['phone', { width: 390 }, 'Show plate and card'],
  ['spanish', { width: 390, language: 'es-ES' }, 'Mostrar matrícula y tarjeta'],
];

describe.skipIf(!hasBrowser)('the gate', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  eachWithPage((ground) => ({ browser, server, page } = ground));

  /** An officer asks for a hold; the guard's page. */
  const asGuard = async (look?: Look) => {
    await signIn(page, server, '/watch');
    await page.locator('[role=option]', { hasText: 'Release looked up' }).first().click();
    await page.locator('.detail h2').first().waitFor();
    await page.keyboard.press('h');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.type('A stranger announced the pick-up.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.detail .hold').first().waitFor();
    const { page: guard } = await openPage(browser, look);
    await signIn(guard, server, '/', 'guard');
    return guard;
  };

  it('has the box, shows the lorry on demand, and answers', async () => {
    const guard = await asGuard();
    await guard.getByRole('heading', { name: 'Gate' }).waitFor();
    expect(new URL(guard.url()).pathname).toBe('/gate');
    expect(await guard.locator('nav a').allInnerTexts()).toHaveLength(1);
    await guard.locator('.gate-hold').waitFor();
    expect(await guard.locator('main').innerText()).not.toContain('stranger');
    await guard.getByRole('button', { name: 'Show plate and card' }).click();
    await guard.locator('.plate', { hasText: 'QXW482' }).waitFor();
    await shoot(guard, 'gate');
    expect(await axeFindings(guard)).toEqual([]);
    await guard.getByRole('button', { name: 'Hide' }).click();
    await guard.locator('.plate').first().waitFor({ state: 'detached' });
    await guard.getByRole('button', { name: 'It is kept' }).click();
    await guard.locator('dialog[open] textarea').fill('Stands on lane 3.');
    await guard.keyboard.press('Control+Enter');
    await guard.locator('.toast', { hasText: 'recorded as kept' }).waitFor();
    await guard.locator('.gate-hold', { hasText: 'Held' }).waitFor();
    await page.locator('.detail .hold', { hasText: 'Held' }).waitFor();
  });

  it('says where there is none', async () => {
    await signIn(page, server, '/', 'guard');
    await page.getByText('No box to look out for').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each(kLooks)('looks right: %s', async (name, look, show) => {
    const guard = await asGuard(look);
    await guard.getByRole('button', { name: show }).click();
    await guard.locator('.plate').first().waitFor();
    await shoot(guard, `gate_${name}`);
    expect(await axeFindings(guard)).toEqual([]);
  });
});
