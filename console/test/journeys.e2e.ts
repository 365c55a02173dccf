import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, breaks, eachWithPage, hasBrowser, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('journeys', () => {
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ server, page, said } = ground));

  const rows = () => page.locator('[role=option]');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it('waits at the door of a server that is starting', async () => {
    server.beginAnew(2);
    await page.goto(server.address);
    await page.locator('input[autocomplete=username]').waitFor();
    await page.keyboard.type('officer');
    await press('Tab');
    await page.keyboard.type(server.password);
    await press('Enter');
    await page.locator('form [role=status]').waitFor();
    await expect.poll(() => page.locator('[role=alert]').count()).toBe(0);
    await shoot(page, 'sign_in_starting');
    expect(await axeFindings(page)).toEqual([]);
    await rows().first().waitFor();
    expect(said).toEqual([]);
  });

  it('signs in, opens an alert and dismisses it with a reason, by the keyboard alone', async () => {
    await page.goto(server.address);
    await page.locator('input[autocomplete=username]').waitFor();
    await shoot(page, 'sign_in');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.type('officer');
    await press('Tab');
    await page.keyboard.type(server.password);
    await press('Enter');
    await rows().first().waitFor();
    await expect.poll(() => rows().count()).toBe(10);

    await press('j', 'j', 'Enter');
    await page.locator('.detail h1').waitFor();
    const title = await page.locator('.detail h1').innerText();
    expect(new URL(page.url()).searchParams.get('alert')).toMatch(/^[0-9a-f]{32}$/);
    for (const part of ['Do now', 'What it rests on', 'Facts', 'Rule out first', 'Not evaluated']) {
      await expect.poll(() => page.locator('.detail h2', { hasText: part }).count(), { message: part }).toBe(1);
    }
    await expect.poll(() => page.locator('.detail .evidence .search').count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.detail .evidence').innerText()).toMatch(/\.(edi|jsonl|csv)@\d+\+\d+/);
    await shoot(page, 'alert');

    await press('d');
    await page.locator('dialog[open]').waitFor();
    await shoot(page, 'dismiss');
    expect(await axeFindings(page)).toEqual([]);
    await press('1');
    await page.keyboard.type('Called the holder: transfer agreed by telephone.');
    await press('Control+Enter');
    await page.locator('.toast').waitFor();
    await expect.poll(() => rows().count()).toBe(9);
    await expect.poll(() => page.locator('.detail h1').innerText()).not.toBe('');

    await press('u');
    await page.locator('[role=option]').nth(9).waitFor();
    await expect.poll(() => rows().count()).toBe(10);
    expect(
      await rows()
        .allInnerTexts()
        .then((texts) => texts.some((text) => text.includes(title))),
    ).toBe(true);
    expect(said).toEqual([]);
  });

  it('acknowledges an alert, asks for a hold and records the answer', async () => {
    await signIn(page, server, '/watch');
    const early = rows().filter({ hasText: 'Release looked up' }).first();
    await early.click();
    const part = (name: string) => page.locator('.detail section').filter({ has: page.locator('h2', { hasText: name }) });
    await part('Told and acknowledged').waitFor();
    await expect.poll(() => part('Told and acknowledged').innerText()).toContain('the webhook answered 503');
    await press('y');
    await part('Told and acknowledged').getByText('Acknowledged', { exact: true }).waitFor();

    await press('h');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.type('A stranger announced the pick-up.');
    await shoot(page, 'hold_dialog');
    expect(await axeFindings(page)).toEqual([]);
    await press('Control+Enter');
    await part('Hold requests').getByText('Put into the outbox').waitFor();
    await shoot(page, 'hold_asked');
    await page.getByRole('button', { name: 'It is held' }).click();
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.type('The yard office has blocked it.');
    await press('Control+Enter');
    await part('Hold requests').locator('.tag', { hasText: 'Held' }).waitFor();
    await shoot(page, 'hold_answered');
    expect(said).toEqual([]);
  });

  it('takes an alert and puts it into a new case, adds a task and closes the case', async () => {
    await signIn(page, server, '/watch');
    await rows().first().waitFor();
    await press('j', 't');
    await page.locator('.triage.taken', { hasText: 'Officer A' }).first().waitFor();
    await press('o');
    await page.getByLabel('Officer B').click();
    await press('Control+Enter');
    await page.locator('.triage.taken', { hasText: 'Officer B' }).first().waitFor();
    await page.locator('dialog[open]').waitFor({ state: 'detached' }); // keys rest while a dialog is open
    await press('c');
    await page.locator('dialog[open] input[name=choice]').first().waitFor();
    await press('Control+Enter');
    await page.locator('.toast').waitFor();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await expect.poll(() => rows().count()).toBe(9);
    await press('g', 'c');
    await page.locator('td a').first().click();
    await page.locator('.alert-link').waitFor();
    const subjects = page.getByRole('region', { name: 'Subjects' });
    const hrefs = (of: typeof subjects) => of.getByRole('link').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    const alertId = (await hrefs(page.locator('.alert-link .alert-title')))[0]!.slice(-32);
    const timeline = new RegExp(`^/timeline/\\w+/.+\\?alert=${alertId}$`);
    expect((await hrefs(subjects)).length).toBeGreaterThan(1);
    for (const href of [...(await hrefs(subjects)), ...(await hrefs(page.locator('.alert-subjects')))])
      expect(href).toMatch(timeline);
    await page.locator('.alert-subjects a').first().click();
    await page.waitForURL(`**/timeline/*/*?alert=${alertId}`);
    await page.goBack();
    await page.locator('.alert-link').click();
    await page.waitForURL(/\/watch\?state=all&alert=/);
    await page.goBack();
    await page.getByLabel('New task').fill('Ask the terminal for the portal pictures');
    await press('Enter');
    await page.locator('.tasks li').waitFor();
    await shoot(page, 'case');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close case' }).click();
    await page.getByLabel('Outcome').selectOption('cleared');
    await page.getByLabel('Reason').fill('Transfer was agreed by telephone; told the party so.');
    await page.getByLabel('Was the person told').selectOption('yes');
    await page.getByLabel('How and when').fill('By letter, the same day.');
    await press('Control+Enter');
    await page.locator('.case-head .tag', { hasText: 'Cleared' }).waitFor();
    expect(said).toEqual([]);
  });

  it('follows the container of an alert along its timeline', async () => {
    await signIn(page, server, '/watch?q=QZBU287695');
    await rows().first().waitFor();
    await press('j', 'Enter');
    await page.locator('.detail h1').waitFor();
    await press('l');
    await page.locator('.event.chosen').waitFor();
    await expect.poll(() => page.locator('.event-detail').innerText()).toContain('container.gate_out');
    await expect.poll(() => page.locator('.doubt').count()).toBe(1);
    await expect.poll(() => page.locator('.alert-flag.chosen').count()).toBe(1);
    await page.locator('.event.chosen .reach').hover();
    await expect.poll(() => page.locator('.tip .clocks div').count()).toBe(3);
    await shoot(page, 'timeline_tip');
    await press('+', '+');
    await page.waitForURL(/from=.*until=/);
    await press('k');
    await page.waitForFunction(() => document.querySelector('.event-detail h2')?.textContent === 'container.moved');
    await press('0');
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await expect.poll(() => page.locator('.timeline-table tbody tr').count()).toBe(9);
    expect(said).toEqual([]);
  });

  it('shows what comes by the stream within a second, and says when the stream breaks', async () => {
    breaks(/net::ERR_INCOMPLETE_CHUNKED_ENCODING/);
    await signIn(page, server, '/watch');
    await page.locator('.live.live').waitFor();
    // The stream may be up before the queue is: only what is listed can be marked as looked at.
    await rows().first().waitFor();
    await press('m');
    await page.locator('.changed.on').first().waitFor({ state: 'detached' });
    const alert = server.anyAlert();
    alert.summary = {
      ...alert.summary,
      alert_id: 'f'.repeat(32),
      revision: 1,
      level: 'critical',
      title: 'People may be in the container',
      changed_at: '2026-03-13T04:59:00Z',
    };
    const started = Date.now();
    server.raise(alert);
    await rows().filter({ hasText: 'People may be' }).waitFor();
    const took = Date.now() - started;
    await expect.poll(() => rows().first().innerText()).toContain('People may be');
    await expect.poll(() => page.locator('.changed.on').count()).toBe(1);
    await expect.poll(() => page.locator('.since').innerText()).toContain('1 raised');
    console.log(`alert to screen: ${took} ms`);
    expect(took).toBeLessThan(1000);
    server.fallSilent();
    await page.locator('.live.broken').waitFor();
    await expect.poll(() => page.locator('.stale').innerText()).toContain('no connection');
    await shoot(page, 'broken');
  });

  it('asks for a new password after a one-time one, and for the second factor', async () => {
    await page.goto(server.address);
    await page.locator('input[autocomplete=username]').fill('fresh');
    await page.locator('input[autocomplete=current-password]').fill(server.password);
    await press('Enter');
    await page.getByText('one-time password. Choose').waitFor();
    await shoot(page, 'new_password');
    const [current, next, again] = await page.locator('input[type=password]').all();
    await current!.fill(server.password);
    await next!.fill('four words for me');
    await again!.fill('four words for me');
    await press('Enter');
    await page.locator('.topbar').waitFor();
    await press('Control+k');
    await page.keyboard.type('sign out');
    await press('Enter');
    await page.locator('input[autocomplete=username]').fill('second');
    await page.locator('input[autocomplete=current-password]').fill(server.password);
    await press('Enter');
    await page.locator('input[autocomplete=one-time-code]').fill('123456');
    await press('Enter');
    await page.locator('.topbar').waitFor();
  });

  it('shows nothing but its second factor to whom the site demands one of', async () => {
    await page.goto(server.address + '/rules');
    await page.locator('input[autocomplete=username]').fill('without');
    await page.locator('input[autocomplete=current-password]').fill(server.password);
    await press('Enter');
    await page.getByText('asks a second factor of your role').waitFor();
    await expect.poll(() => page.locator('.topbar').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    said.splice(0);
    await page.locator('input[autocomplete=current-password]').fill('not the password');
    await press('Enter');
    await page.getByRole('alert').waitFor();
    await page.locator('input[autocomplete=current-password]').fill(server.password);
    await press('Enter');
    await page.getByText('JBSW Y3DP').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'second_factor');
    await page.locator('input[autocomplete=one-time-code]').fill('123456');
    await press('Enter');
    await page.locator('td .level').first().waitFor();
  });

  it('keeps the head where a page did not come, and gets it by reloading', async () => {
    breaks(/net::ERR_FAILED|preload/);
    await signIn(page, server, '/watch');
    await page.route('**/assets/KpisPage*', (route) => route.abort());
    await press('g', 'k');
    await page.getByRole('alert').getByText('This page cannot be shown').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'broken_page');
    await press('g', 'w');
    await rows().first().waitFor();
    await press('g', 'k');
    await page.unroute('**/assets/KpisPage*');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'Figures' }).waitFor();
  });

  it('finds a container from anywhere with Ctrl K, and keeps theme and language', async () => {
    await signIn(page, server, '/rules');
    await press('Control+k');
    await page.keyboard.type('qaxu 306248');
    await page.locator('.palette li', { hasText: 'QAXU 306248-8' }).waitFor();
    await shoot(page, 'palette');
    expect(await axeFindings(page)).toEqual([]);
    await press('Enter');
    await page.locator('.event').first().waitFor();
    expect(page.url()).toContain('/timeline/container/QAXU3062488');
    await page.locator('.menu summary').click();
    await page.getByLabel('Appearance').selectOption('dark');
    await page.getByLabel('Language').selectOption('es');
    await shoot(page, 'menu');
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await page.getByRole('link', { name: 'Guardia' }).waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual([
      'es',
      'dark',
    ]);
    expect(said).toEqual([]);
  });

  it('shows a rejected record with its bytes and has it read again', async () => {
    await signIn(page, server, '/feeds/yard_moves');
    await page.locator('.reject pre').waitFor();
    await expect.poll(() => page.locator('.reject pre').innerText()).toContain('25:61');
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.locator('.toast', { hasText: '1 event, 0 rejected' }).waitFor();
    await page.getByText('Nothing of this feed was rejected.').waitFor();
    expect(said).toEqual([]);
  });

  it('keeps a viewer from deciding', async () => {
    await signIn(page, server, '/watch', 'viewer');
    await rows().first().waitFor();
    await press('j', 'Enter');
    await page.locator('.detail h1').waitFor();
    await press('d');
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    await expect.poll(() => page.locator('.detail-head .button.primary').count()).toBe(0);
  });
});
