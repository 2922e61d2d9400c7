// Sends letters with nodemailer's pool: no ledger, nothing written down. Prints the seconds that it took.
//   node nodemailer.mjs MODULES PORT LETTERS CONNECTIONS
import { createRequire } from "node:module";

const [modules, port, letters, connections] = process.argv.slice(2);
const nodemailer = createRequire(`${modules}/`)("nodemailer");
const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Infinity,
});
const words = "We would like to hear from you about the plan for health and care where you live. ".repeat(24);
const letter = (number) => ({
  from: "engagement@dorset.example.org",
  to: `office${number}@area${number % 200}.example.org`,
  subject: `Have your say, Office ${number}`,
  text: `Dear Office ${number},\n\n${words}`,
  html: `<p>Dear Office ${number},</p><p>${words}</p>`,
});
const started = performance.now();
const under = new Set();
for (let number = 0; number < Number(letters); number++) {
  const sending = pool.sendMail(letter(number)).then(() => under.delete(sending));
  under.add(sending);
  if (under.size >= 4 * connections) await Promise.race(under);
}
await Promise.all(under);
console.log((performance.now() - started) / 1000);
pool.close();
