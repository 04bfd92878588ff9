// The editor of the SPARQL page. Without this script the page is a plain form.
// It speaks to this server only: completion, prefixes and examples come from here.
(async () => {
  "use strict";
  const place = document.getElementById("editor");
  if (!place || !window.Yasgui || !window.Yasqe || !window.Yasr) return;
  const plain = document.getElementById("plain");
  const endpoint = new URL("/sparql", window.location.href).href;

  const fetched = async (address) => {
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  };

  const terms = (await fetched("/sparql/completions")) || { prefixes: {}, classes: [], properties: [] };
  const localName = (iri) => iri.slice(Math.max(iri.lastIndexOf("/"), iri.lastIndexOf("#")) + 1);

  // In the order of how well they fit: the name begins so, then the label holds it.
  const matching = (list, typed) => {
    const wanted = typed.trim().toLowerCase();
    const word = wanted.slice(Math.max(wanted.lastIndexOf("/"), wanted.lastIndexOf("#"), wanted.lastIndexOf(":")) + 1);
    const begins = (t) => t.iri.toLowerCase().startsWith(wanted) || localName(t.iri).toLowerCase().startsWith(word);
    const first = list.filter(begins);
    const rest = list.filter((t) => !begins(t) && (t.label || "").toLowerCase().includes(word));
    return [...first, ...rest].map((t) => t.iri);
  };

  const short = (yasqe, iri) => {
    for (const [prefix, namespace] of Object.entries(yasqe.getPrefixesFromQuery())) {
      if (iri.startsWith(namespace) && /^[\w-]+$/.test(iri.slice(namespace.length))) {
        return `${prefix}:${iri.slice(namespace.length)}`;
      }
    }
    return `<${iri}>`;
  };

  const complete = (base, name, list) =>
    Yasqe.forkAutocompleter(base, {
      name,
      bulk: false,
      persistenceId: null,
      get: (yasqe, token) => matching(list, (token && token.autocompletionString) || ""),
      postProcessSuggestion: (yasqe, token, iri) => short(yasqe, iri),
      postprocessHints: (yasqe, hints) => {
        const labels = new Map(list.map((t) => [short(yasqe, t.iri), t]));
        return hints.map((hint) => {
          const term = labels.get(hint.text);
          return term && term.label ? { ...hint, displayText: `${hint.text}   ${term.label}` } : hint;
        });
      },
    });

  Yasqe.defaults.autocompleters = ["variables"]; // the built-in ones for terms ask another server
  complete("class", "childdev-classes", terms.classes);
  complete("property", "childdev-properties", terms.properties);
  Yasqe.forkAutocompleter("prefixes", {
    name: "childdev-prefixes",
    persistenceId: null,
    get: () => Object.entries(terms.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort(),
  });

  // The server's problem documents, as sentences.
  const inWords = async (error) => {
    try {
      const problem = JSON.parse(error.text);
      const told = document.createElement("div");
      const title = document.createElement("strong");
      title.textContent = problem.title;
      const detail = document.createElement("p");
      detail.textContent = problem.detail;
      told.setAttribute("role", "alert");
      told.append(title, detail);
      return told;
    } catch {
      return undefined;
    }
  };

  window.Yasr.defaults.errorRenderers = [inWords];

  const start = document.getElementById("query").value;
  const requestConfig = {
    endpoint,
    method: "POST",
    acceptHeaderSelect: "application/sparql-results+json",
    acceptHeaderGraph: "text/turtle",
    headers: {},
    args: [],
    namedGraphs: [],
    defaultGraphs: [],
    withCredentials: false,
  };
  const given = new URLSearchParams(window.location.search).get("query");
  const yasgui = new Yasgui(place, {
    autofocus: false,
    copyEndpointOnNewTab: false,
    requestConfig,
    // A link may bring a query, and nothing else: no other server, no headers.
    populateFromUrl: (config) => ({ ...config, requestConfig: { ...requestConfig } }),
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
    yasqe: { value: start, prefixCcApi: null, editorHeight: "320px", resizeable: true },
    yasr: { prefixes: terms.prefixes },
  });
  for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint(endpoint);
  plain.hidden = true;
  if (given !== null && window.history.replaceState) window.history.replaceState(null, "", "/sparql");

  // What the library draws, put right: words and roles for screen readers, and things of the model as
  // links to their pages here.
  const model = terms.prefixes.cd ? terms.prefixes.cd.replace(/def\/$/, "") : null;
  const mend = () => {
    for (const area of place.querySelectorAll(".CodeMirror textarea")) area.setAttribute("aria-label", "SPARQL query");
    for (const list of place.querySelectorAll("[role=tablist]")) {
      list.setAttribute("role", "group");
      list.setAttribute("aria-label", "Queries");
    }
    for (const tab of place.querySelectorAll("[role=tab]")) tab.removeAttribute("role");
    for (const tab of place.querySelectorAll("[aria-selected]")) tab.removeAttribute("aria-selected");
    for (const panel of place.querySelectorAll("[role=tabpanel]")) panel.removeAttribute("role");
    for (const text of place.querySelectorAll("pre:not([tabindex]), .dataTable_wrapper:not([tabindex])")) text.tabIndex = 0;
    for (const link of place.querySelectorAll("a.iri")) {
      const iri = link.getAttribute("href");
      if (model && (iri.startsWith(`${model}id/`) || iri.startsWith(`${model}def/`))) {
        link.setAttribute("href", iri.slice(model.length - 1));
      }
    }
  };
  mend();
  new MutationObserver(mend).observe(place, { childList: true, subtree: true });

  const library = await fetched("/api/v1/queries");
  const questions = library && (Array.isArray(library) ? library : library.data);
  if (!Array.isArray(questions) || !questions.some((q) => q.sparql)) return;
  const choice = document.getElementById("example");
  for (const question of questions.filter((q) => q.sparql)) {
    choice.append(new Option(question.title || question.name, question.sparql));
  }
  document.getElementById("examples").hidden = false;
  choice.addEventListener("change", () => {
    if (!choice.value) return;
    const tab = yasgui.addTab(true);
    tab.setEndpoint(endpoint);
    tab.setName(choice.selectedOptions[0].text.slice(0, 40));
    tab.setQuery(choice.value);
    choice.value = "";
  });
})();
