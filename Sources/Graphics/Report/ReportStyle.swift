/// How a report looks: on a screen by day and night, on a phone, on paper.
enum ReportStyle {
  static let sheet = """
    :root {
      --paper: #ffffff; --ink: #1f2328; --faint: #6a737d; --line: #d9dde3; --code: #f5f7f9;
      --keyword: #a626a4; --command: #2257c5; --option: #986801; --number: #b0541a;
      --string: #3f7f3a; --comment: #7a8490; --error: #b3261e; --error-paper: #fdf1f0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #16181c; --ink: #e3e6ea; --faint: #98a1ac; --line: #353a41; --code: #1f2329;
        --keyword: #d18ee2; --command: #7fb2ff; --option: #d7b46a; --number: #e59a6b;
        --string: #98c58e; --comment: #87919d; --error: #ff8d85; --error-paper: #2c1b1b;
      }
      figure img { background: #ffffff; border-radius: 4px; }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
    }
    main, footer { max-width: 54rem; margin: 0 auto; padding: 0 1rem; }
    main { padding-top: 1.5rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.6rem 0 1rem; }
    h2 { font-size: 1.35rem; margin: 2rem 0 0.6rem; }
    h3 { font-size: 1.1rem; margin: 1.6rem 0 0.5rem; }
    p, ul, ol, table, blockquote { margin: 0.7rem 0; }
    a { color: var(--command); }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    code { font-size: 0.92em; background: var(--code); padding: 0.1em 0.25em; border-radius: 3px; }
    pre { font-size: 0.85rem; line-height: 1.45; margin: 0.4rem 0; overflow-x: auto; }
    pre code { font-size: inherit; background: none; padding: 0; }
    pre.code, .prose pre {
      background: var(--code); border: 1px solid var(--line); border-radius: 6px;
      padding: 0.6rem 0.8rem; margin-top: 1rem;
    }
    pre.output { padding: 0 0.8rem; color: var(--ink); }
    pre.error {
      padding: 0.5rem 0.8rem; color: var(--error); background: var(--error-paper);
      border-left: 3px solid var(--error);
    }
    .keyword { color: var(--keyword); } .command { color: var(--command); }
    .option { color: var(--option); } .number { color: var(--number); }
    .string { color: var(--string); } .comment { color: var(--comment); font-style: italic; }
    figure { margin: 0.8rem 0; }
    figure img { max-width: 100%; height: auto; }
    figcaption { color: var(--faint); font-size: 0.9rem; }
    .prose img { max-width: 100%; }
    .prose table { border-collapse: collapse; display: block; overflow-x: auto; }
    .prose th, .prose td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.7rem; text-align: left; }
    blockquote { border-left: 3px solid var(--line); padding-left: 0.9rem; color: var(--faint); }
    footer {
      color: var(--faint); font-size: 0.85rem; border-top: 1px solid var(--line);
      margin-top: 2.5rem; padding: 0.8rem 1rem 2rem;
    }
    @media (max-width: 40rem) {
      body { font-size: 15px; }
      pre { font-size: 0.78rem; }
      pre.code { white-space: pre-wrap; overflow-wrap: anywhere; }
      pre.output { padding: 0 0.2rem; }
    }
    @media print {
      :root { --paper: #ffffff; --ink: #000000; --code: #f7f7f7; }
      body { font-size: 10.5pt; }
      main, footer { max-width: none; padding: 0; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt; }
      pre.code { break-inside: avoid; }
      figure { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      @page { margin: 18mm; }
    }
    """
}
