// nodemailer, pooled, as its users would: node race.js JSON. Prints seconds, processor seconds without and with the
// start, memory in MB as JSON.
const fs = require("fs");
const nodemailer = require("nodemailer");

const wanted = JSON.parse(process.argv[2]);
const [text, html] = ["letter.txt", "letter.html"].map((name) => fs.readFileSync(`${wanted.folder}/${name}`, "utf8"));
const raw = wanted.raw ? fs.readFileSync(`${wanted.folder}/letter.eml`) : null;
const options = { pool: true, host: "localhost", port: wanted.port, maxConnections: wanted.connections, maxMessages: Infinity };
if (wanted.authority) Object.assign(options, { secure: true, tls: { ca: fs.readFileSync(wanted.authority) } });
else Object.assign(options, { ignoreTLS: true });
if (wanted.key) options.dkim = { domainName: "example.org", keySelector: "news", privateKey: fs.readFileSync(wanted.key, "utf8") };
const transport = nodemailer.createTransport(options);
let next = 1;

function message(number) {
  const envelope = { from: `bounce+${number}@example.org`, to: `reader${number}@example.org` };
  if (raw) return { envelope, raw };
  return {
    envelope,
    from: "Bench <news@example.org>",
    to: `Reader ${number} <reader${number}@example.org>`,
    subject: "Hello",
    messageId: `<${number}@example.org>`,
    headers: { "List-Unsubscribe": `<https://example.org/${number}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
    text: text.replaceAll("READER", `Reader ${number}`),
    html: html.replaceAll("READER", `Reader ${number}`),
  };
}

async function work() {
  while (next <= wanted.count) await transport.sendMail(message(next++));
}

function peak() {
  const found = /VmHWM:\s+(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"));
  return found ? Math.round(found[1] / 1024) : 0;
}

const began = process.hrtime.bigint();
const cpu = process.cpuUsage();
Promise.all(Array.from({ length: wanted.connections * 2 }, work)).then(() => {
  const used = process.cpuUsage(cpu);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  transport.close();
  const all = process.cpuUsage();
  const [marginal, whole] = [used, all].map((each) => (each.user + each.system) / 1e6);
  console.log(JSON.stringify({ seconds, cpu: marginal, whole, memory: peak() }));
});
