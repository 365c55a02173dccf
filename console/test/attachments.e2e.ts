import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, breaks, eachWithPage, hasBrowser, openPage, type Server, shoot, signIn } from './browser';

const kPicture = { name: 'seal 1.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3]) };

describe.skipIf(!hasBrowser)('files of a case', () => {
  let browser: Browser;
  let page: Page;
  let said: string[];
  let server: Server;
  eachWithPage((ground) => ({ browser, page, said, server } = ground));

  const rows = (on = page) => on.locator('.attachments li');
  const openCase = async (login = 'officer') => {
    const caseId = server.openCaseOf('officer', server.anyAlert().summary.alert_id);
    await signIn(page, server, `/cases/${caseId}`, login);
    await page.getByRole('heading', { name: 'Attachments' }).waitFor();
    return caseId;
  };
  const chosen = async (file: object, description = '') => {
    await page.getByRole('button', { name: 'Add a file' }).click();
    await page.locator('dialog input[type=file]').setInputFiles(file as typeof kPicture);
    if (description) await page.getByLabel('What it shows').fill(description);
  };
  const add = async (file: object, description = '') => {
    await chosen(file, description);
    await page.locator('dialog .primary').click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };
  const destroy = async (name: string, reason: string) => {
    await page.getByRole('button', { name: `Destroy ${name}` }).click();
    await page.locator('dialog textarea').fill(reason);
    await page.locator('dialog .primary').click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };

  it('are added with what they show, listed with their hash, and saved as they were', async () => {
    await openCase();
    await page.getByText('No file yet.').waitFor();
    await page.getByRole('button', { name: 'Add a file' }).click();
    await expect.poll(() => page.locator('dialog .primary').isDisabled(), { message: 'no file is chosen' }).toBe(true);
    await page.getByText('not scanned for viruses').waitFor();
    await shoot(page, 'attachment_add');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await add(kPicture, 'The seal, torn at the hinge');
    await add({ name: 'weigh note.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(2_400_000, 7) });
    await expect.poll(() => rows().count()).toBe(2);
    await expect.poll(() => rows().first().innerText()).toMatch(/seal 1\.jpg[\s\S]*hinge[\s\S]*6 bytes · image\/jpeg · Officer A/);
    await expect.poll(() => rows().first().innerText()).toMatch(/SHA-256 [0-9a-f]{64}/);
    await expect.poll(() => rows().nth(1).innerText()).toContain('2.4 MB');
    await expect.poll(() => page.locator('.steps').last().innerText()).toMatch(/File added[\s\S]*seal 1\.jpg/);
    await shoot(page, 'attachments');
    expect(await axeFindings(page)).toEqual([]);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save seal 1.jpg' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('seal 1.jpg');
    expect(readFileSync(await download.path())).toEqual(kPicture.buffer);
    expect(said).toEqual([]);
  });

  it('are destroyed with a reason, and their name and hash stay, on paper too', async () => {
    const caseId = await openCase();
    await add(kPicture, 'The seal');
    await destroy('seal 1.jpg', 'It shows another box.');
    await expect.poll(() => rows().first().innerText()).toMatch(/seal 1\.jpg[\s\S]*SHA-256[\s\S]*Destroyed Officer A[\s\S]*another box/);
    await expect.poll(() => page.getByRole('button', { name: 'Save seal 1.jpg' }).count()).toBe(0);
    await add({ ...kPicture, name: 'seal 2.jpg' });
    await shoot(page, 'attachment_destroyed');
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(`${server.address}/cases/${caseId}/file`);
    const part = (name: string) => page.locator('.file-part').filter({ has: page.locator('h2', { hasText: name }) });
    await expect.poll(() => part('Evidence').innerText()).toMatch(/F1 seal 1\.jpg[\s\S]*6 bytes[\s\S]*SHA-256[\s\S]*[0-9a-f]{64}[\s\S]*another box[\s\S]*F2 seal 2\.jpg/);
    const chain = async () => (await part('Chain of custody').innerText()).replace(/\s+/g, ' ');
    await expect.poll(chain).toContain('File added F1 seal 1.jpg');
    await expect.poll(chain).toContain('File destroyed F1 seal 1.jpg');
    await expect.poll(() => part('How to verify').innerText()).toContain('sha256sum FILE');
    await part('Evidence').locator('.file-alert').last().scrollIntoViewIfNeeded();
    await shoot(page, 'attachments_file');
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
  });

  it('say what is wrong: with the file, with the disk, and with what lies on the server', async () => {
    breaks(/status of 503/);
    await openCase();
    await chosen({ ...kPicture, buffer: Buffer.alloc(0) });
    await page.locator('dialog .notice.problem', { hasText: 'The file is empty.' }).waitFor();
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await page.locator('dialog input[type=file]').setInputFiles(kPicture);
    server.files.fillDisk();
    await page.locator('dialog .primary').click();
    await page.locator('dialog .notice.problem', { hasText: 'The disk is full. The disk of the server' }).waitFor();
    await expect.poll(() => page.locator('dialog .primary').isDisabled(), { message: 'it can be tried again' }).toBe(false);
    await shoot(page, 'attachment_problem');
    expect(await axeFindings(page)).toEqual([]);
    server.files.emptyDisk();
    await page.locator('dialog .primary').click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    server.files.loseContents();
    await page.getByRole('button', { name: 'Save seal 1.jpg' }).click();
    await page.locator('.toast.problem', { hasText: 'The file is damaged. The file is missing' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Save seal 1.jpg' }).isDisabled()).toBe(false);
  });

  it('fit a telephone in the dark; who only reads saves them, and is offered nothing else', async () => {
    const caseId = await openCase();
    await add({ ...kPicture, name: `${'a-very-long-name-of-a-picture-'.repeat(6)}.jpg` }, 'The seal, torn at the hinge');
    const phone = await openPage(browser, { theme: 'dark', width: 390 });
    await signIn(phone.page, server, `/cases/${caseId}`);
    await rows(phone.page).first().scrollIntoViewIfNeeded();
    await shoot(phone.page, 'attachments_phone');
    expect(await axeFindings(phone.page)).toEqual([]);
    await expect.poll(() => phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

    const viewer = await openPage(browser, { language: 'es-ES' });
    await signIn(viewer.page, server, `/cases/${caseId}`, 'viewer');
    await expect.poll(() => viewer.page.getByRole('button', { name: /^Descargar/ }).count()).toBe(1);
    await expect.poll(() => viewer.page.getByRole('button', { name: /^(Destruir|Añadir un archivo)/ }).count()).toBe(0);
    await rows(viewer.page).first().scrollIntoViewIfNeeded();
    await shoot(viewer.page, 'attachments_spanish');
  });
});
