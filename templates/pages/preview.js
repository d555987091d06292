// Draws what the server tells, and asks three times a second whether a file was saved. All text goes in as text.
"use strict";
const POLL = 300; // milliseconds: a save is seen within half a second
const body = document.body;
const at = (id) => document.getElementById(id);
const frames = [...document.querySelectorAll("iframe")];
const state = { stamp: "", view: 0, dark: false, sheet: { views: [], findings: [], error: null } };

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

async function drawHtml() {
  if (body.dataset.show !== "html" || state.sheet.error) return;
  const answer = await fetch(`mail?as=source&view=${state.view}`);
  if (answer.ok) at("html").textContent = await answer.text();
}

function set(what, to) {
  body.dataset[what] = to;
  for (const button of document.querySelectorAll(`[data-set="${what}"]`)) {
    button.setAttribute("aria-pressed", String(button.dataset.to === to));
  }
  fit();
  drawHtml();
}

function fit() {
  // The frame is as tall as its letter, so that the page scrolls as one and keeps its place on reload.
  for (const frame of frames) {
    const letter = frame.contentDocument && frame.contentDocument.body;
    if (letter && letter.childElementCount && frame.offsetParent) {
      frame.style.height = `${Math.max(Math.ceil(letter.getBoundingClientRect().bottom), 200)}px`;
    }
  }
}

function drawFrames() {
  const dark = state.dark ? 1 : 0;
  at("frames").classList.toggle("dark", state.dark);
  for (const frame of frames) {
    frame.contentWindow.location.replace(`mail?view=${state.view}&dark=${dark}&stamp=${state.stamp}`);
  }
}

function drawSource(view) {
  const levels = new Map();
  for (const finding of state.sheet.findings) {
    if (finding.place.startsWith(`${view.path}:`)) {
      const row = Number(finding.place.slice(view.path.length + 1));
      if (levels.get(row) !== "error") levels.set(row, finding.level);
    }
  }
  const rows = view.source.replace(/\n$/, "").split("\n");
  at("source").replaceChildren(...rows.map((row, index) => element("li", levels.get(index + 1) || "", row)));
}

function drawView() {
  const view = state.sheet.views[state.view];
  if (!view) return;
  at("sender").textContent = view.sender;
  at("face").textContent = [...view.sender.trim()][0] || "";
  at("subject").textContent = view.subject || "(no subject)";
  at("preheader").textContent = view.preheader;
  at("weight").textContent = `${Math.max(1, Math.round(view.bytes / 1024))} KB`;
  at("text").textContent = view.text;
  drawSource(view);
  drawHtml();
  drawFrames();
}

function showLine(place) {
  const view = state.sheet.views.findIndex((each) => place.startsWith(`${each.path}:`));
  if (view < 0) return;
  if (state.sheet.views[state.view].path !== state.sheet.views[view].path) {
    state.view = at("view").selectedIndex = view;
    drawView();
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
  const place = element(lined ? "button" : "span", "place", finding.place.replace(/^issues\/[^/]*\//, ""));
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
    const item = element("li", finding.level, "");
    const kind = element("p", "kind", `${finding.level === "error" ? "Error" : "Warning"} · `);
    kind.append(placeOf(finding));
    item.append(kind, element("p", "message", finding.message), element("p", "remedy", finding.remedy));
    return item;
  }));
}

function drawFault(error) {
  const fault = at("fault");
  fault.hidden = !error;
  for (const part of ["frames", "inbox", "text", "source", "html"]) at(part).hidden = Boolean(error);
  if (!error) return;
  fault.querySelector(".what").textContent = error.what;
  fault.querySelector(".where").textContent = error.where;
  fault.querySelector(".remedy").textContent = error.remedy;
  at("sum").textContent = "Nothing could be checked";
  at("sum").classList.remove("good");
}

function draw() {
  const views = state.sheet.views;
  state.view = Math.min(state.view, Math.max(views.length - 1, 0));
  at("view").replaceChildren(...views.map((view, index) => new Option(view.name, index, false, index === state.view)));
  at("variants").hidden = views.length < 2;
  drawFindings();
  drawFault(state.sheet.error);
  drawView();
}

async function load() {
  const answer = await fetch("sheet");
  if (!answer.ok) throw new Error(answer.statusText);
  state.sheet = await answer.json();
  state.stamp = state.sheet.stamp;
  draw();
}

async function watch() {
  try {
    const answer = await fetch("stamp");
    if ((await answer.text()) !== state.stamp) {
      const first = state.stamp === "";
      await load();
      if (!first) at("live").textContent = `Reloaded at ${new Date().toLocaleTimeString()}`;
    }
    at("live").classList.remove("ended");
  } catch {
    at("live").textContent = "The preview has ended";
    at("live").classList.add("ended");
  }
  setTimeout(watch, POLL);
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
  drawView();
});
at("issue").addEventListener("change", () => {
  location.href = `../${encodeURIComponent(at("issue").value)}/`;
});
for (const frame of frames) frame.addEventListener("load", () => setTimeout(fit, 0));
addEventListener("resize", fit);
set("show", "mail");
set("device", innerWidth >= 1480 ? "both" : "desktop");
watch();
