// npm's mjml: node peer_mjml.js FOLDER ROUNDS; compiles each FOLDER/*.mjml, warm, and prints milliseconds a round.
const fs = require("fs");
const path = require("path");
const mjml2html = require("mjml");

const [folder, rounds] = process.argv.slice(2);
const sources = fs.readdirSync(folder).filter((name) => name.endsWith(".mjml"))
  .map((name) => fs.readFileSync(path.join(folder, name), "utf8"));

async function round() {
  const begun = process.hrtime.bigint();
  for (const source of sources) await mjml2html(source, { validationLevel: "skip", fonts: {} });
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

(async () => {
  await round();
  const times = [];
  for (let number = 0; number < +rounds; number++) times.push(await round());
  console.log(JSON.stringify(times));
})();
