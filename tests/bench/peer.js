// nodemailer, pooled: node peer.js PORT READERS CONNECTIONS FOLDER
const fs = require("fs");
const path = require("path");
const nodemailer = require("nodemailer");

const [port, count, maxConnections, folder] = process.argv.slice(2);
const [text, html] = ["letter.txt", "letter.html"].map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
const pool = { pool: true, host: "127.0.0.1", port: +port, maxConnections: +maxConnections, maxMessages: Infinity };
const transport = nodemailer.createTransport({ ...pool, ignoreTLS: true });
let next = 1;

async function work() {
  while (next <= +count) {
    const number = next++;
    await transport.sendMail({
      from: "Bench <news@example.org>",
      to: `Reader ${number} <reader${number}@example.org>`,
      subject: "Hello",
      messageId: `<${number}@example.org>`,
      headers: { "List-Unsubscribe": `<https://example.org/${number}>` },
      text: text.replaceAll("READER", `Reader ${number}`),
      html: html.replaceAll("READER", `Reader ${number}`),
    });
  }
}

Promise.all(Array.from({ length: +maxConnections }, work)).then(() => transport.close());
