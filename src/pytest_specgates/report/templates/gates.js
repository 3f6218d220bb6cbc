"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const gates = [...document.querySelectorAll(".gates > li > details")];
  const specs = [...document.querySelectorAll("details.spec")];
  const chips = [...document.querySelectorAll(".counts button")];
  const form = $("filter");
  const texts = new Map();
  const chosen = new Set();
  const text = (gate) => {
    if (!texts.has(gate)) texts.set(gate, gate.textContent.toLowerCase());
    return texts.get(gate);
  };
  const value = (id) => ($(id) ? $(id).value : "");
  const pressed = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const status = (gate) => gate.classList[0];

  const show = () => {
    const words = value("f-text").toLowerCase().split(/\s+/).filter(Boolean);
    const level = value("f-level"), stage = value("f-stage"), owner = value("f-owner");
    const blocks = pressed($("f-blocks"));
    const filtered = words.length || level || stage || owner || blocks || chosen.size;
    let count = 0;
    for (const gate of gates) {
      const fits = (!chosen.size || chosen.has(status(gate)))
        && (!level || (gate.dataset.level || "must") === level)
        && (!stage || (gate.dataset.stage || "pre-merge") === stage)
        && (!owner || gate.dataset.owner === owner)
        && (!blocks || gate.classList.contains("blocks"))
        && words.every((word) => text(gate).includes(word));
      gate.parentElement.hidden = !fits;
      count += fits;
    }
    for (const spec of specs) {
      const there = spec.querySelector(".gates > li:not([hidden])");
      spec.hidden = !there;
      if (filtered && there) spec.open = true;
      for (const list of spec.querySelectorAll("ul.gates")) {
        const empty = !list.querySelector(":scope > li:not([hidden])");
        list.hidden = empty;
        const head = list.previousElementSibling;
        if (head && head.tagName === "H4") head.hidden = empty;
      }
    }
    $("f-count").textContent = filtered ? `${count} of ${gates.length} gates` : `${gates.length} gates`;
    $("f-none").hidden = count > 0 || !gates.length;
  };

  const reveal = () => {
    const target = location.hash.length > 1 && $(location.hash.slice(1));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };

  for (const chip of chips) {
    chip.disabled = false;
    chip.addEventListener("click", () => {
      const name = chip.dataset.status;
      press(chip, !chosen.delete(name) && chosen.add(name) !== null);
      show();
    });
  }
  $("f-blocks").addEventListener("click", (event) => {
    press(event.currentTarget, !pressed(event.currentTarget));
    show();
  });
  $("f-open").addEventListener("click", (event) => {
    const on = !pressed(event.currentTarget);
    press(event.currentTarget, on);
    for (const gate of gates) if (!gate.parentElement.hidden) gate.open = on;
  });
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  $("f-reset").addEventListener("click", () => {
    form.reset();
    chosen.clear();
    for (const button of [...chips, $("f-blocks")]) press(button, false);
    show();
  });
  addEventListener("hashchange", reveal);
  form.hidden = !gates.length;
  if (gates.length) show();
  reveal();
})();
