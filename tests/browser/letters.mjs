// Looks at letters as a mail program shows them and says what is wrong with them.
//
//   node tests/browser/letters.mjs JOB.json      (or the job on standard input)
//
// The job: { "letters": [{"subject": "…", "html": "…", "text": "…"}] }
//
// Each HTML part is opened by itself, 1280 and 360 px wide, and as narrow as 320. Checked: axe-core (WCAG 2.0 to 2.2, A and
// AA, and best practice); nothing is asked from anywhere, so that it is the same with images off; no script, form or
// style sheet; nothing to scroll sideways; the same, and legible, on a dark ground. The text part: every
// link of the HTML, and its words. One line of JSON for each letter and width; exit
// status 1 when any has a finding. Pictures of both parts are kept in the folder that OPENDOOR_LETTER_PICTURES names.

import { mkdirSync, readFileSync } from 'node:fs';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const job = JSON.parse(readFileSync(process.argv[2] ?? 0, 'utf8'));
const pictures = process.env.OPENDOOR_LETTER_PICTURES;
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

/** What the source must not hold. */
function source(html) {
  const said = [];
  for (const tag of ['img', 'picture', 'svg', 'script', 'style', 'link', 'form', 'input', 'iframe', 'video', 'audio']) {
    if (new RegExp(`<${tag}[\\s>]`, 'i').test(html)) said.push(`<${tag}> in a letter`);
  }
  if (/url\(|\sbackground=|\son[a-z]+=/i.test(html)) said.push('something that is fetched or runs');
  if (/\{%|\{\{/.test(html)) said.push('a template shows through');
  return said;
}

/** What the text part must hold and must not. */
function words(letter, links, spoken) {
  const said = [];
  // Links to one page with different answers filled in are one in the text.
  for (const link of links.map((link) => link.split('?')[0])) {
    if (!letter.text.includes(link)) said.push(`the text does not have ${link}`);
  }
  const text = letter.text.replace(/[^\p{L}\p{N}]+/gu, ' ');
  for (const sentence of spoken) {
    const plain = sentence.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
    if (!text.includes(plain)) said.push(`the text does not say: ${sentence}`);
  }
  return said;
}

let wrong = false;
for (const [number, letter] of job.letters.entries()) {
  for (const width of [1280, 360]) {
    const findings = width === 360 ? [] : source(letter.html);
    const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
    page.on('request', (request) => {
      if (request.url() !== 'about:blank') findings.push(`asks for ${request.url()}`);
    });
    await page.setContent(letter.html);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: `${pictures}/${number}-${width}.png`, fullPage: true });
    }
    if (width === 1280) {
      const seen = await page.evaluate(() => ({
        links: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')),
        spoken: [...document.querySelectorAll('h2, h3, p, li')]
          .filter((element) => !element.querySelector('a, p, li, br'))
          .map((element) => element.textContent),
      }));
      findings.push(...words(letter, seen.links, seen.spoken));
    } else {
      await page.setViewportSize({ width: 320, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > 320) findings.push(`${wide} px wide on a screen of 320`);
      await page.setViewportSize({ width, height: 900 });
    }
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(
        (values) => axe.run(document, { runOnly: { type: 'tag', values } }),
        STANDARDS,
      );
      for (const { id, nodes } of violations) findings.push(`${colorScheme}: ${id}: ${nodes[0].html.slice(0, 200)}`);
    }
    if (pictures && width === 360) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setContent('<pre style="white-space:pre-wrap;overflow-wrap:anywhere;font:14px monospace"></pre>');
      await page.evaluate((text) => { document.querySelector('pre').textContent = text; }, letter.text);
      await page.screenshot({ path: `${pictures}/${number}-text.png`, fullPage: true });
    }
    await page.context().close();
    wrong ||= findings.length > 0;
    console.log(JSON.stringify({ letter: letter.subject, width, findings }));
  }
}
await browser.close();
process.exit(wrong ? 1 : 0);
