// Pictures of pages, for people: node tests/browser/shot.mjs BASE OUT PATH… writes OUT/NAME-1280.png and -360.png.

import { chromium } from 'playwright-core';

const [base, out, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const width of [1280, 360]) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  for (const path of paths) {
    await page.goto(base + path, { waitUntil: 'load' });
    const name = path.replace(/[?#].*$/, '').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'england';
    await page.screenshot({ path: `${out}/${name}-${width}.png`, fullPage: true });
  }
}
await browser.close();
