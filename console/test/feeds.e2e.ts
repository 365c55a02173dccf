import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('feeds', () => {
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ server, page, said } = ground));

  const row = (name: string) => page.locator('.feeds tr.linked', { hasText: name });

  it('calls a feed well only where it delivered of late or its lateness is watched', async () => {
    await signIn(page, server, '/feeds');
    await expect.poll(() => row('gate_messages').first().innerText()).toContain('Delivers');
    await expect.poll(() => row('reader_status').innerText()).toContain('Silent since');
    expect(await row('bay_plans').innerText()).toMatch(/Not known\s+last record 28h ago, no rhythm known/);
    expect(said).toEqual([]);
  });

  it('shows what it tells of a feed under its row, with the rejects first', async () => {
    await signIn(page, server, '/feeds');
    await page.setViewportSize({ width: 1280, height: 500 });
    await row('yard_moves').locator('button').click();
    const heading = page.locator('.feed-detail h2');
    await expect.poll(() => heading.evaluate((each) => each === document.activeElement)).toBe(true);
    await page.locator('.reject').waitFor();
    const titles = await page.locator('.feed-detail h3').allInnerTexts();
    expect(titles).toEqual(['Rejects', 'What was seen of it']);
    await expect.poll(() => page.locator('.reject .tag').innerText()).toBe('time cannot be read');
    expect(await page.locator('.reject .tag').getAttribute('title')).toBe('bad_time');
    expect(await page.locator('.health-list').innerText()).toContain('rejected');

    const names = await page.locator('.feeds tr.linked b').allInnerTexts();
    await row(names.at(-1)!).locator('button').click();
    await expect.poll(() => heading.innerText()).toBe(names.at(-1));
    const box = (await heading.boundingBox())!;
    expect(box.y + box.height).toBeLessThan(500);
    await shoot(page, 'feed_under_its_row');
    expect(await axeFindings(page)).toEqual([]);

    await page.keyboard.press('Escape');
    await heading.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(names.at(-1));
    expect(said).toEqual([]);
  });
});
