//! A real browser: headless Chromium through Playwright.
