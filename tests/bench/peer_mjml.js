// npm's mjml: node peer_mjml.js FOLDER ROUNDS; compiles each FOLDER/*.mjml, and prints the milliseconds of CPU of a round.
const fs = require("fs");
const path = require("path");
const mjml2html = require("mjml");

const [folder, rounds] = process.argv.slice(2);
const sources = fs.readdirSync(folder).filter((name) => name.endsWith(".mjml"))
  .map((name) => fs.readFileSync(path.join(folder, name), "utf8"));

async function round() {
  const begun = process.cpuUsage();
  for (const source of sources) await mjml2html(source, { validationLevel: "skip", fonts: {} });
  const used = process.cpuUsage(begun);
  return (used.user + used.system) / 1000;
}

(async () => {
  // Five rounds make it warm: the first takes ten times as long as the sixth.
  for (let number = 0; number < 5; number++) await round();
  const times = [];
  for (let number = 0; number < +rounds; number++) times.push(await round());
  console.log(JSON.stringify(times));
})();
