// Looks at pages as a browser does and says what is wrong with them.
//
//   node tests/browser/run.mjs JOB.json      (or the job on standard input)
//
// The job: { "base": "http://127.0.0.1:8080",
//            "pages": ["/", {"path": "/nothing", "status": 404}],
//            "sign_in": {"path": "/sign-in", "email": "…", "password": "…", "pages": ["/work"]} }
//
// Each page is opened once, and looked at 1280 and 360 px wide. Checked there: axe-core (WCAG 2.0 to 2.2, A and AA, and
// best practice), errors on the console, requests to another host, one h1, ids used once, captions and scopes of tables,
// no styles, scripts or handlers in the page itself, a visible mark on whatever has the focus, in forced colours too. At
// 320 px: nothing to scroll sideways. Without script: the same heading and as many links.
// Two pages are looked at beside each other. One line of JSON for each page and width; exit status 1 when any has a
// finding.

import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const job = JSON.parse(readFileSync(process.argv[2] ?? 0, 'utf8'));
const base = job.base.replace(/\/$/, '');
const host = new URL(base).host;
const [WIDE, NARROW] = [1280, 360];
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

/** What the page's markup has to keep to; runs in the page. */
function markup() {
  const said = [];
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) said.push(`${headings} h1 instead of one`);
  const seen = new Set();
  for (const { id } of document.querySelectorAll('[id]')) {
    if (seen.has(id)) said.push(`id ${id} is used twice`);
    seen.add(id);
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const target = decodeURIComponent(link.hash.slice(1));
    if (target && !document.getElementById(target)) said.push(`${link.hash} leads nowhere`);
  }
  for (const table of document.querySelectorAll('table')) {
    const caption = table.querySelector('caption');
    const name = caption?.textContent.trim();
    if (!name) said.push('a table has no caption');
    for (const cell of table.querySelectorAll('th')) {
      if (!cell.scope) said.push(`th "${cell.textContent.trim().slice(0, 30)}" in table "${name}" has no scope`);
    }
  }
  return said;
}

/** What the page as it was sent must not hold. */
function source(html) {
  const said = [];
  const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
  for (const tag of tags) {
    if (/\sstyle\s*=/i.test(tag)) said.push(`styles in the page: ${tag.slice(0, 80)}`);
    if (/\son[a-z]+\s*=/i.test(tag)) said.push(`a handler in the page: ${tag.slice(0, 80)}`);
    if (/^<script(?![^>]*\ssrc=)/i.test(tag)) said.push('script in the page');
    if (/^<style/i.test(tag)) said.push('a style sheet in the page');
  }
  // The fields of a mailing are written so on purpose.
  if (/\{%|\{\{(?! (name|organisation|group|stp) \}\})/.test(html)) said.push('a template shows through');
  return said;
}

/** Steps through the page by keyboard, and names what has the focus without showing it. */
async function focus(page) {
  const said = [];
  await page.evaluate(() => document.activeElement?.blur());
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return 'end';
      const look = (element) => {
        const style = getComputedStyle(element);
        return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor, style.textDecorationLine].join();
      };
      const looks = () => [at, at.parentElement, at.nextElementSibling].filter(Boolean).map((e) => look(e) + getComputedStyle(e, '::before').boxShadow + getComputedStyle(e, '::before').outlineStyle).join(';');
      const focused = looks();
      at.blur();
      const blurred = looks();
      at.focus();
      return focused === blurred ? `${at.tagName.toLowerCase()} "${(at.textContent || at.id).trim().slice(0, 30)}" does not show that it has the focus${matchMedia('(forced-colors: active)').matches ? ' in forced colours' : ''}` : null;
    });
    if (problem === 'end') break;
    if (problem) said.push(problem);
  }
  await page.evaluate(() => document.activeElement?.blur());
  return said;
}

/** What is wrong for axe with the page as it stands. */
async function accessible(page) {
  const report = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), STANDARDS);
  return report.violations.map((rule) => `axe ${rule.id}: ${rule.help} (${rule.nodes.length}) ${rule.nodes[0].target.join(' ')} ${rule.nodes[0].failureSummary.split('\n').slice(1).join(' ').slice(0, 200)}`);
}

/** The heading and the number of links with script, beside those of the page as it was sent. */
function scripted(html) {
  const tell = (root) => [root.querySelector('h1')?.textContent.trim(), root.querySelectorAll('a').length].join(', links: ');
  const [bare, here] = [tell(new DOMParser().parseFromString(html, 'text/html')), tell(document)];
  return bare === here ? [] : [`without script: ${bare}; with it: ${here}`];
}

/** What sticks out of a page that is 320 px wide. */
function sideways() {
  const wide = [...document.querySelectorAll('body *')].find((e) => e.getBoundingClientRect().right > 321 && e.getBoundingClientRect().width > 2 && getComputedStyle(e).position !== 'absolute');
  const width = document.documentElement.scrollWidth;
  return width > 320 ? [`scrolls sideways at 320 px: ${width} px wide, ${wide ? `${wide.tagName.toLowerCase()}.${wide.className}` : ''}`] : [];
}

let wrong = 0;

async function look(context, entry) {
  const { path, status = 200 } = typeof entry === 'string' ? { path: entry } : entry;
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  let findings = [];
  page.on('console', (message) => {
    const expected = status >= 400 && message.text().includes(`status of ${status}`);
    if (message.type() === 'error' && !expected) findings.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => findings.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.host !== host && asked.protocol !== 'data:') findings.push(`asks another host: ${request.url()}`);
  });
  const say = (width) => {
    wrong += findings.length;
    console.log(JSON.stringify({ path, width, findings }));
    findings = [];
  };
  try {
    await page.setViewportSize({ width: WIDE, height: 900 });
    const answer = await page.goto(base + path, { waitUntil: 'load' });
    if (answer.status() !== status) findings.push(`answers ${answer.status()} instead of ${status}`);
    const html = await answer.text();
    findings.push(...source(html), ...(await page.evaluate(markup)), ...(await page.evaluate(scripted, html)));
    await page.evaluate(axe.source);
    findings.push(...(await accessible(page)), ...(await focus(page)));
    say(WIDE);
    await page.setViewportSize({ width: NARROW, height: 900 });
    findings.push(...(await page.evaluate(markup)), ...(await accessible(page)));
    await page.emulateMedia({ forcedColors: 'active' });
    findings.push(...(await focus(page)));
    await page.setViewportSize({ width: 320, height: 900 });
    findings.push(...(await page.evaluate(sideways)));
  } catch (error) {
    findings.push(`could not be looked at: ${error.message.split('\n')[0]}`);
  }
  say(NARROW);
  await page.close();
}

/** Looks at pages, two beside each other. */
async function walk(context, pages) {
  const left = [...pages];
  const one = async () => {
    for (let entry = left.shift(); entry; entry = left.shift()) await look(context, entry);
  };
  await Promise.all([one(), one()]);
}

const open = await browser.newContext();
await walk(open, job.pages ?? []);
const cookies = await open.cookies();
if (cookies.length) {
  wrong += 1;
  console.log(JSON.stringify({ path: 'public pages', findings: [`set cookies: ${cookies.map((c) => c.name).join(', ')}`] }));
}

if (job.sign_in) {
  const page = await open.newPage();
  await page.goto(base + (job.sign_in.path ?? '/sign-in'));
  await page.fill('input[name="email"]', job.sign_in.email);
  await page.fill('input[name="password"]', job.sign_in.password);
  await page.click('main button[type="submit"]');
  await page.waitForLoadState('load');
  const at = new URL(page.url()).pathname;
  if (at.startsWith('/sign-in')) {
    wrong += 1;
    console.log(JSON.stringify({ path: '/sign-in', findings: ['signing in did not lead on'] }));
  } else {
    await walk(open, job.sign_in.pages ?? []);
  }
}

await browser.close();
process.exit(wrong ? 1 : 0);
