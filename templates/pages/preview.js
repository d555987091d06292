// Draws what the server tells, anew whenever it tells of a save. All text goes in as text.
"use strict";
const body = document.body;
const at = (id) => document.getElementById(id);
const frames = [...document.querySelectorAll("iframe")];
const state = { stamp: "", view: 0, beside: -1, reader: 0, dark: false, sheet: { views: [], letter: null, findings: [], error: null } };

function make(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

async function drawHtml() {
  if (body.dataset.show !== "html" || state.sheet.error) return;
  const answer = await fetch(`mail?as=source&view=${state.view}&reader=${state.reader}`);
  if (answer.ok) at("html").textContent = await answer.text();
}

function set(what, to) {
  body.dataset[what] = to;
  for (const button of document.querySelectorAll(`[data-set="${what}"]`)) {
    button.setAttribute("aria-pressed", String(button.dataset.to === to));
  }
  drawFrames();
  fit();
  drawHtml();
  drawHeaders();
}

function fit() {
  // The frame is as tall as its letter, so that the page scrolls as one and keeps its place on reload.
  for (const frame of frames) {
    const letter = frame.contentDocument && frame.contentDocument.body;
    if (letter && letter.childElementCount && frame.offsetParent) {
      frame.style.height = `${Math.max(Math.ceil(letter.getBoundingClientRect().bottom), 200)}px`;
      drawPins(frame);
    }
  }
}

// Frames that are not seen load their letter when they are.
function drawFrames() {
  const dark = state.dark ? 1 : 0;
  at("frames").classList.toggle("dark", state.dark);
  body.classList.toggle("besides", state.beside >= 0);
  for (const frame of frames) {
    const view = frame.closest(".beside") ? state.beside : state.view;
    const who = frame.closest("figure").querySelector(".who");
    who.textContent = state.beside >= 0 ? state.sheet.views[view].name : "";
    const asked = `mail?view=${view}&dark=${dark}&reader=${state.reader}&stamp=${state.stamp}`;
    if (state.sheet.letter && view >= 0 && frame.offsetParent && frame.dataset.asked !== asked) {
      frame.dataset.asked = asked;
      frame.contentWindow.location.replace(asked);
    }
  }
}

// What a finding's line shows in the letter: its link or picture, or the element with its first words.
function shownAt(letter, row) {
  const address = /\]\(\s*<?([^)\s>]+)|(?:href|src)="([^"]+)"/.exec(row);
  if (address) {
    const wanted = address[1] || address[2];
    for (const element of letter.querySelectorAll("a[href], img[src]")) {
      const own = element.getAttribute("href") || element.getAttribute("src");
      if (own === wanted || own.endsWith(`/${wanted}`)) return element;
    }
  }
  const plain = (text) => text.replace(/[*_\\#>`]|\{\{.*?\}\}/g, " ").replace(/\s+/g, " ").trim();
  const words = plain(row.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/^\s*(?:[-*]|\d+\.)\s/, ""));
  const label = /label="([^"]+)"/.exec(row);
  const wanted = (label ? label[1] : words.replace(/^:::.*/, "")).slice(0, 28);
  if (wanted.length < 3) return null;
  const inside = [...letter.querySelectorAll("h1, h2, h3, p, li, a, td, blockquote")].filter(
    (element) => plain(element.textContent).includes(wanted));
  return inside.pop() || null;
}

// The line below an opening fence says more of a block than the fence.
function rowsOf(view, number) {
  const rows = view.source.split("\n");
  return [rows[number - 1] || "", rows[number] || "", rows[number + 1] || ""];
}

function drawPins(frame) {
  const pins = frame.parentElement.querySelector(".pins");
  const other = frame.closest(".beside");
  const view = state.sheet.views[other ? state.beside : state.view];
  const letter = frame.contentDocument && frame.contentDocument.body;
  if (!view || !letter) return;
  const used = new Map();
  const made = [];
  state.sheet.findings.forEach((finding, index) => {
    if (!finding.place.startsWith(`${view.path}:`)) return;
    const rows = rowsOf(view, Number(finding.place.slice(view.path.length + 1)));
    const element = rows.map((row) => shownAt(letter, row)).find(Boolean);
    if (!element) return;
    const top = Math.round(element.getBoundingClientRect().top + frame.contentWindow.scrollY);
    const shift = used.get(top) || 0;
    used.set(top, shift + 1);
    const pin = make("button", `pin ${finding.level}`, "!");
    pin.type = "button";
    pin.title = `${finding.message}\n→ ${finding.remedy}`;
    pin.setAttribute("aria-label", finding.message);
    pin.style.top = `${top + shift * 26}px`;
    pin.addEventListener("click", () => point(index));
    made.push(pin);
  });
  pins.replaceChildren(...made);
}

function point(index) {
  for (const other of document.querySelectorAll(".findings .here")) other.classList.remove("here");
  const item = at("findings").children[index];
  item.classList.add("here");
  item.scrollIntoView({ block: "center" });
}

function drawSource(view) {
  const told = new Map();
  for (const finding of state.sheet.findings) {
    if (finding.place.startsWith(`${view.path}:`)) {
      const row = Number(finding.place.slice(view.path.length + 1));
      told.set(row, [...(told.get(row) || []), finding]);
    }
  }
  const rows = view.source.replace(/\n$/, "").split("\n");
  at("source").replaceChildren(...rows.map((row, index) => {
    const own = told.get(index + 1) || [];
    const level = own.some((finding) => finding.level === "error") ? "error" : own.length ? "warning" : "";
    const item = make("li", level, row);
    for (const finding of own) item.append(make("p", `note ${finding.level}`, `${finding.message} → ${finding.remedy}`));
    return item;
  }));
}

async function drawHeaders() {
  if (body.dataset.show !== "headers" || state.sheet.error) return;
  const answer = await fetch(`headers?view=${state.view}&reader=${state.reader}`);
  const head = answer.ok ? await answer.text() : "";
  at("headers").replaceChildren(...head.split("\n").flatMap((line) => {
    const [name, ...rest] = line.split(": ");
    return rest.length ? [make("dt", "", name), make("dd", "", rest.join(": "))] : [make("dd", "", line)];
  }));
}

function drawLetter() {
  const letter = state.sheet.letter;
  if (!letter) return;
  at("sender").textContent = letter.sender;
  at("face").textContent = [...letter.sender.trim()][0] || "";
  at("subject").textContent = letter.subject || "(no subject)";
  at("preheader").textContent = letter.preheader;
  at("weight").textContent = `${Math.max(1, Math.round(letter.bytes / 1024))} KB`;
  at("text").textContent = letter.text;
  drawReaders(letter.others);
  drawSource(state.sheet.views[state.view]);
  drawHeaders();
  drawHtml();
  drawFrames();
}

// Those for whom a choice falls otherwise stand after the two whom every letter has.
function drawReaders(others) {
  const list = at("reader");
  for (const old of [...list.options].filter((option) => Number(option.value) < -1)) old.remove();
  others.forEach((name, index) => list.insertBefore(new Option(name, -2 - index), list.options[2 + index]));
  if (state.reader < -1 && -2 - state.reader >= others.length) state.reader = 0;
  if (list.value !== "find") list.value = String(state.reader);
}

async function fetchSheet() {
  const answer = await fetch(`sheet?view=${state.view}&reader=${state.reader}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// Another view, or another reader; what the gate found stays.
async function turn() {
  const sheet = await fetchSheet();
  state.sheet = { ...sheet, findings: state.sheet.findings };
  drawFault(sheet.error);
  drawLetter();
}

function showLine(place) {
  const view = state.sheet.views.findIndex((each) => place.startsWith(`${each.path}:`));
  if (view < 0) return;
  if (state.sheet.views[state.view].path !== state.sheet.views[view].path) {
    state.view = at("view").selectedIndex = view;
    turn();
    drawSource(state.sheet.views[view]);
  }
  set("show", "source");
  const row = at("source").children[Number(place.split(":").pop()) - 1];
  if (!row) return;
  for (const other of document.querySelectorAll(".here")) other.classList.remove("here");
  row.classList.add("here");
  row.scrollIntoView({ block: "center" });
}

function placeOf(finding) {
  const lined = state.sheet.views.some((view) => finding.place.startsWith(`${view.path}:`));
  const place = make(lined ? "button" : "span", "place", finding.place.replace(/^issues\/[^/]*\//, ""));
  if (lined) place.addEventListener("click", () => showLine(finding.place));
  return place;
}

function drawFindings() {
  const found = state.sheet.findings;
  const errors = found.filter((finding) => finding.level === "error").length;
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  at("sum").textContent = found.length
    ? `${count(errors, "error")}, ${count(found.length - errors, "warning")}`
    : "Nothing to mend: ready to send";
  at("sum").classList.toggle("good", errors === 0);
  at("findings").replaceChildren(...found.map((finding) => {
    const item = make("li", finding.level, "");
    const kind = make("p", "kind", `${finding.level === "error" ? "Error" : "Warning"} · `);
    kind.append(placeOf(finding));
    item.append(kind, make("p", "message", finding.message), make("p", "remedy", finding.remedy));
    item.title = `${finding.id}: ${finding.source}`;
    return item;
  }));
}

function drawFault(error) {
  const fault = at("fault");
  fault.hidden = !error;
  for (const part of ["frames", "inbox", "text", "source", "html", "headers"]) at(part).hidden = Boolean(error);
  if (!error) return;
  fault.querySelector(".what").textContent = error.what;
  fault.querySelector(".where").textContent = error.where;
  fault.querySelector(".remedy").textContent = error.remedy;
  at("sum").textContent = "Nothing could be checked";
  at("sum").classList.remove("good");
}

function draw() {
  const views = state.sheet.views;
  if (state.sheet.letter) state.view = state.sheet.letter.view;
  at("view").replaceChildren(...views.map((view, index) => new Option(view.name, index, false, index === state.view)));
  at("variants").hidden = at("others").hidden = views.length < 2;
  if (state.beside >= views.length) state.beside = -1;
  const others = views.map((view, index) => new Option(`beside: ${view.name}`, index, false, index === state.beside));
  at("beside").replaceChildren(new Option("one letter", -1, false, state.beside < 0), ...others);
  drawFindings();
  drawFault(state.sheet.error);
  drawLetter();
}

// The letter comes first; what the gate finds in it takes longer.
async function load() {
  state.sheet = { ...(await fetchSheet()), findings: [] };
  state.stamp = state.sheet.stamp;
  draw();
  at("sum").textContent = state.sheet.error ? "Nothing could be checked" : "Looking…";
  lookIn(state.sheet.error ? -1 : 300);
}

// The gate waits for the letter to be seen: both are made by the same program.
let looking = 0;

function lookIn(milliseconds) {
  clearTimeout(looking);
  looking = milliseconds < 0 ? 0 : setTimeout(look, milliseconds);
}

async function look() {
  looking = 0;
  const answer = await fetch("findings");
  if (!answer.ok) return;
  const looked = await answer.json();
  if (looked.stamp !== state.stamp) return;
  state.sheet.findings = looked.findings;
  drawFindings();
  const view = state.sheet.views[state.view];
  if (view) drawSource(view);
  fit();
}

let saved = "";
let drawing = false;

// Draws until what is shown is what was saved last; what is saved meanwhile comes after.
async function follow() {
  if (drawing) return;
  drawing = true;
  try {
    while (saved !== state.stamp) {
      const first = state.stamp === "";
      const wanted = saved;
      await load();
      // A save that the sheet has already is told of afterwards.
      if (saved === wanted) saved = state.stamp;
      if (!first) at("live").textContent = `Reloaded ${new Date().toLocaleTimeString([], { hour12: false })}`;
    }
  } catch {
    at("live").textContent = "The last save could not be drawn";
  } finally {
    drawing = false;
  }
}

function watch() {
  const saves = new EventSource("saves");
  saves.addEventListener("message", (event) => {
    if (at("live").classList.contains("ended")) at("live").textContent = "Live";
    at("live").classList.remove("ended");
    saved = event.data;
    follow();
  });
  saves.addEventListener("error", () => {
    at("live").textContent = "The preview has ended";
    at("live").classList.add("ended");
  });
}

for (const button of document.querySelectorAll("[data-set]")) {
  button.addEventListener("click", () => set(button.dataset.set, button.dataset.to));
}
at("dark").addEventListener("click", () => {
  state.dark = !state.dark;
  at("dark").setAttribute("aria-pressed", String(state.dark));
  drawFrames();
});
at("view").addEventListener("change", () => {
  state.view = at("view").selectedIndex;
  turn();
});
at("beside").addEventListener("change", () => {
  state.beside = Number(at("beside").value);
  drawFrames();
});
at("reader").addEventListener("change", () => {
  const chosen = at("reader").value;
  at("find").hidden = chosen !== "find";
  if (chosen === "find") {
    at("address").focus();
    return;
  }
  state.reader = Number(chosen);
  turn();
});
at("find").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch("reader", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ address: at("address").value }),
  });
  const someone = answer.ok ? await answer.json() : null;
  at("missing").textContent = someone ? "" : "Nobody has this address.";
  if (!someone) return;
  const own = [...at("reader").options].find((option) => option.value === String(someone.number));
  const option = own || new Option(someone.name, someone.number);
  if (!own) at("reader").insertBefore(option, at("reader").lastElementChild);
  option.selected = true;
  at("find").hidden = true;
  state.reader = someone.number;
  state.view = at("view").selectedIndex = someone.view;
  turn();
});
at("issue").addEventListener("change", () => {
  location.href = `../${encodeURIComponent(at("issue").value)}/`;
});
for (const frame of frames) {
  frame.addEventListener("load", () => {
    setTimeout(fit, 0);
    if (looking) lookIn(50);
  });
}
addEventListener("resize", fit);
set("show", "mail");
set("device", innerWidth >= 1480 ? "both" : "desktop");
watch();
