// An officer of Dorset logs a drop-in with carers on her phone: the gap closes, and comes back when she corrects it.
//
//   node tests/browser/carers.mjs      (the job on standard input)
//
// The job: { "base": "http://127.0.0.1:8080", "email": "…", "password": "…", "stp": "E54000041" }
//
// Every tap and key of logging the event is counted and costed as the keystroke-level model does: 0.28 s a key, 1.1 s
// to reach for something on the screen, 1.35 s to think before each field. One line of JSON: findings and what was seen.

import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const job = JSON.parse(readFileSync(0, 'utf8'));
const KEY = 0.28;
const REACH = 1.1;
const THINK = 1.35;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});
const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
const stranger = await browser.newContext({ viewport: { width: 1280, height: 900 } });
// A busy machine is slow, not wrong.
phone.setDefaultTimeout(180_000);
stranger.setDefaultTimeout(180_000);
const page = await phone.newPage();
const seen = {};
const findings = [];
const must = (what, holds) => { if (!holds) findings.push(what); };

let seconds = 0;
async function tap(target) {
  seconds += THINK + REACH;
  await target.tap();
}
async function type(target, text) {
  seconds += THINK + REACH + KEY * text.length;
  await target.tap();
  await target.pressSequentially(text);
}

/** The finding about carers as anyone reads it, on the STP's public page and the page of the finding itself. */
async function carers() {
  const reader = await stranger.newPage();
  await reader.goto(`${job.base}/stps/${job.stp}`);
  const listed = Math.min(1, await reader.locator('.app-gap a[href*="/gaps/COV-2/PP-CAR"]').count());
  await reader.goto(`${job.base}/stps/${job.stp}/gaps/COV-2/PP-CAR`);
  const text = (await reader.locator('main').innerText()).replace(/\s+/g, ' ');
  const links = await reader.locator('main a[href^="/events/"]').allInnerTexts();
  await reader.close();
  return { listed, text, links };
}

try {
  await page.goto(`${job.base}/sign-in`);
  await page.getByLabel('Email address').fill(job.email);
  await page.getByLabel('Password').fill(job.password);
  await page.getByRole('button', { name: 'Sign in' }).tap();
  await page.waitForURL(`**/work/stps/${job.stp}`);

  const before = await carers();
  must('the gap for carers is not there to begin with', before.listed === 1);

  await page.goto(`${job.base}/work/stps/${job.stp}`);
  seconds = 0;
  await tap(page.getByRole('link', { name: 'Log an event' }).first());
  await page.waitForURL('**/events/new*');
  await tap(page.getByLabel('Drop-in', { exact: true }));
  seconds += THINK + 2 * REACH;
  await page.getByLabel('Where?').selectOption({ label: 'Bournemouth' });
  await tap(page.getByLabel('Carers', { exact: true }));
  await type(page.getByLabel('How many people?'), 'about 12');
  await type(page.getByLabel('Main points people made'), 'The bus stops before visiting ends');
  await tap(page.getByRole('button', { name: 'Save event' }));
  await page.waitForURL(/\/events\/(?!new)[^/?]+(\?.*)?$/);
  seen.seconds = Math.round(seconds);
  must(`logging took ${seconds.toFixed(0)} s of taps and keys`, seconds < 60);
  const title = await page.locator('h1').innerText();
  seen.title = title;

  const after = await carers();
  must('the gap for carers is still open', after.listed === 0);
  must(`the finding does not say that it is met: ${after.text.slice(0, 300)}`, /met/i.test(after.text));
  must(`the event "${title}" is not named as what counted: ${after.links}`, after.links.some((link) => link.includes(title)));

  await page.getByRole('link', { name: /^(Edit|Correct|Change)/ }).first().tap();
  await page.waitForURL('**/edit*');
  const field = page.locator('[name="attended_PP-CAR"]');
  await field.fill('0');
  await page.getByRole('button', { name: /^Save/ }).first().tap();
  await page.waitForURL(/\/events\/(?!new)[^/?]+(\?.*)?$/);

  const again = await carers();
  must('the gap for carers is not back', again.listed === 1);
  must(`the event is not named in the gap: ${again.links}`, again.links.some((link) => link.includes(title)));
  must(`the gap does not say why the event does not count: ${again.text.slice(0, 600)}`, /nobody|none|0 people|no one/i.test(again.text));
} catch (error) {
  findings.push(`stopped at ${page.url()}: ${error.message.split('\n').slice(0, 3).join(' ')} — ${(await page.locator('main').innerText().catch(() => '')).slice(0, 400)}`);
}
await browser.close();
console.log(JSON.stringify({ path: 'carers', findings, seen }));
process.exitCode = findings.length ? 1 : 0;
