"use strict";

// One view for each tokenizer. The page is complete without this script, which adds the panel, the marks and the switch.
const utf8 = new TextDecoder();

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
}

const names = { 9: "\\t", 10: "\\n", 13: "\\r", 34: "\\\"", 92: "\\\\" };

// Text in quotation marks, with escapes for what cannot be seen; bytes that are no text as \xE4.
function quote(hex) {
  const bytes = bytesOf(hex);
  const text = utf8.decode(bytes);
  if (text.includes("\uFFFD")) {
    return "\"" + [...bytes].map(b => b > 31 && b < 127 ? String.fromCharCode(b) : "\\x" + b.toString(16).toUpperCase().padStart(2, "0")).join("") + "\"";
  }
  return "\"" + [...text].map(c => names[c.codePointAt(0)]
    ?? (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}]/u.test(c) ? "\\u{" + c.codePointAt(0).toString(16).toUpperCase() + "}" : c)).join("") + "\"";
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  if (className) made.className = className;
  return made;
}

class View {
  constructor(section) {
    this.section = section;
    this.text = section.querySelector(".text");
    this.blocks = [...this.text.children];
    this.detail = section.querySelector(".detail");
    this.facts = this.detail.firstElementChild;
    this.hint = this.facts.firstElementChild;
    this.vocabulary = JSON.parse(section.querySelector(".vocabulary").textContent);
    this.ids = [...section.querySelectorAll(".ids p")].map(p => p.textContent.trim().split(" "));
    this.first = [];
    this.uses = new Map();
    let count = 0;
    for (const block of this.ids) {
      this.first.push(count);
      count += block.length;
      for (const id of block) this.uses.set(id, (this.uses.get(id) ?? 0) + 1);
    }
    this.plain = new Map();
    this.focused = null;
    const start = this.text.querySelector("span");
    if (start) start.tabIndex = 0;
    this.text.addEventListener("mouseover", event => { if (event.target.matches("span")) this.show(event.target); });
    this.text.addEventListener("mouseleave", () => this.show(this.focused));
    this.text.addEventListener("click", event => { if (event.target.matches("span")) this.focus(event.target); });
    this.text.addEventListener("focusin", event => this.show(this.focused = event.target));
    this.text.addEventListener("keydown", event => this.key(event));
  }

  // Where a token stands: its block, and its place in the block.
  place(span) {
    return [this.blocks.indexOf(span.parentElement), [].indexOf.call(span.parentElement.children, span)];
  }

  show(span) {
    this.shown?.classList.remove("here");
    this.shown = span;
    this.detail.replaceChildren(this.facts);
    if (!span) {
      this.facts.replaceChildren(this.hint);
      return;
    }
    span.classList.add("here");
    const [block, index] = this.place(span);
    const id = this.ids[block][index];
    const [hex, left, right, special] = this.vocabulary[id];
    const facts = element("dl");
    const fact = (name, value) => facts.append(element("dt", name), element("dd", value));
    fact("Id", id);
    fact("Bytes", hex.match(/../g)?.join(" ") ?? "none");
    fact("Place", (this.first[block] + index + 1).toLocaleString("en") + " of " + (this.first.at(-1) + this.ids.at(-1).length).toLocaleString("en"));
    fact("Uses", this.uses.get(id).toLocaleString("en") + " in this text");
    if (special) fact("Kind", "special token");
    if (span.classList.contains("p")) fact("Kind", "holds a part of a character");
    this.facts.replaceChildren(element("p", quote(hex), "token"), facts);
    if (left !== undefined && left !== null) {
      const tree = element("ul", "", "tree");
      tree.append(this.branch(id, { left: 200 }));
      this.detail.append(element("h3", "Merged from"), tree);
    }
  }

  branch(id, room) {
    const [hex, left, right] = this.vocabulary[id];
    const item = element("li");
    item.append(element("code", quote(hex)), element("span", " " + id, "id"));
    if (left !== undefined && left !== null && room.left-- > 0) {
      const parts = element("ul");
      parts.append(this.branch(left, room), this.branch(right, room));
      item.append(parts);
    }
    return item;
  }

  focus(span) {
    this.text.querySelector("[tabindex='0']")?.removeAttribute("tabindex");
    span.tabIndex = 0;
    span.focus();
  }

  key(event) {
    const span = event.target;
    if (!span.matches("span") || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = {
      ArrowRight: () => span.nextElementSibling ?? span.parentElement.nextElementSibling?.firstElementChild,
      ArrowLeft: () => span.previousElementSibling ?? span.parentElement.previousElementSibling?.lastElementChild,
      ArrowDown: () => this.beside(span, 1),
      ArrowUp: () => this.beside(span, -1),
      Home: () => this.text.querySelector("span"),
      End: () => this.text.lastElementChild.lastElementChild,
    }[event.key];
    if (next) {
      event.preventDefault();
      const target = next();
      if (target) this.focus(target);
    }
  }

  // The token in the line below or above that stands nearest; walks on from token to token until it gets too far.
  beside(span, step) {
    const from = span.getClientRects()[0];
    if (!from) return null;
    let best = null, distance = Infinity, line = null, at = span;
    for (let tries = 0; tries < 500; tries++) {
      at = step > 0
        ? at.nextElementSibling ?? at.parentElement.nextElementSibling?.firstElementChild
        : at.previousElementSibling ?? at.parentElement.previousElementSibling?.lastElementChild;
      const rect = at?.getClientRects()[0];
      if (!at || (rect && line !== null && Math.abs(rect.top - line) > 4)) break;
      if (!rect || Math.abs(rect.top - from.top) <= 4) continue;
      line = rect.top;
      const away = Math.abs(rect.left - from.left);
      if (away < distance) [best, distance] = [at, away];
    }
    return best;
  }

  // The text itself is kept aside, since it may hold the signs of the marks.
  mark(on) {
    for (const span of this.text.querySelectorAll("span")) {
      if (on && /[ \n\r\t\u00A0]/.test(span.textContent)) {
        this.plain.set(span, span.textContent);
        span.textContent = span.textContent
          .replace(/[ \n\r\t\u00A0]/g, c => ({ " ": "\u00B7", "\n": "\u23CE\n", "\r": "\u240D", "\t": "\u2192\t", "\u00A0": "\u237D" })[c]);
      }
    }
    if (!on) {
      for (const [span, text] of this.plain) span.textContent = text;
      this.plain.clear();
    }
  }
}

const sections = [...document.querySelectorAll(".view")];
const views = sections.map(section => new View(section));
const marks = document.getElementById("marks");
const choice = document.getElementById("tokenizer");
document.querySelector(".controls").hidden = false;

const marked = new Set();
function refresh() {
  sections.forEach((section, i) => {
    const isShown = !choice || i === choice.selectedIndex;
    section.hidden = !isShown;
    if (isShown && marked.has(i) !== marks.checked) {
      views[i].mark(marks.checked);
      if (marks.checked) marked.add(i); else marked.delete(i);
    }
  });
}

marks.addEventListener("change", refresh);
choice?.addEventListener("change", refresh);
refresh();
