import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, breaks, eachWithPage, hasBrowser, openPage, type Server, shoot, signIn } from './browser';

describe.skipIf(!hasBrowser)('frame of the pages', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  it.each(['en-GB', 'es-ES'])('%s: shows on a phone which page one is on', async (language) => {
    await page.context().close();
    ({ page, said } = await openPage(browser, { width: 390, language }));
    await signIn(page, server, '/legal');
    const active = page.locator('.nav a.active');
    await active.waitFor();
    const isSeen = async () => {
      const { x, width } = (await active.boundingBox())!;
      return x >= 0 && x + width <= 390;
    };
    await expect.poll(isSeen).toBe(true);
    expect(await active.getAttribute('href')).toBe('/legal');
    await shoot(page, `strip_phone_${language}`);
    await page.goto(`${server.address}/watch`);
    await expect.poll(isSeen).toBe(true);
    expect(said).toEqual([]);
  });

  it('tells nothing found, a near hit and no connection apart when one looks for something', async () => {
    breaks(/net::ERR_/);
    await signIn(page, server, '/brief');
    await page.keyboard.press('Control+k');
    const state = page.locator('.palette [role=status]');
    const hits = page.locator('.palette li', { hasText: 'QZBU 287695-0' });
    await page.keyboard.type('qzbu2876950');
    await hits.waitFor();
    expect(await hits.innerText()).not.toContain('similar');
    await page.locator('.palette input').fill('qzbu28769');
    await expect.poll(() => hits.innerText()).toContain('similar');
    expect(await state.innerText()).toBe('');
    await page.locator('.palette input').fill('no such thing');
    await expect.poll(() => state.innerText()).toMatch(/^No container/);
    await shoot(page, 'palette_none');
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
    server.fallSilent();
    await page.locator('.palette input').fill('qzbu28');
    await expect.poll(() => state.innerText()).toBe('The server does not answer');
    await shoot(page, 'palette_unreachable');
  });

  it('says a problem in the language of the page, and what the server said in its own', async () => {
    await page.context().close();
    ({ page, said } = await openPage(browser, { language: 'es-ES' }));
    await signIn(page, server, '/people', 'admin');
    await page.getByRole('button', { name: 'Organización nueva' }).click();
    await page.locator('dialog input').first().fill('Customs Koper');
    await page.locator('dialog select').selectOption('authority');
    await page.locator('dialog .field input').last().fill('*');
    await page.locator('dialog .primary').click();
    const problem = page.locator('dialog .notice.problem');
    await expect.poll(() => problem.innerText()).toMatch(/^No le corresponde administrarla\. Tiene administradores/);
    expect(await problem.locator('[lang=en]').innerText()).toBe('Enforcement bodies are here already.');
    await shoot(page, 'problem_spanish');
    expect(said.filter((line) => !line.includes('403'))).toEqual([]);
  });
});
