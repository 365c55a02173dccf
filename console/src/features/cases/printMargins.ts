import { useEffect } from 'react';

/** Any text as a string of CSS. */
export const cssText = (text: string) => `"${text.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&')}"`;

export type Margins = { head: string; mark: string; foot: string };

/** What stands above and below every printed page. Browsers without margin boxes leave it out. */
export const marginRules = ({ head, mark, foot }: Margins) => `@page {
  size: A4;
  margin: 20mm 16mm 18mm;
  @top-left { content: ${cssText(head)}; font: 8pt sans-serif; color: #333; }
  @top-right { content: ${cssText(mark)}; font: 8pt sans-serif; color: #333; }
  @bottom-left { content: ${cssText(foot)}; font: 8pt sans-serif; color: #333; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #333; }
}`;

/** A sheet of one's own: what is printed is only known at run time, and the page may bring no style inline. */
export function usePrintMargins(margins: Margins) {
  const rules = marginRules(margins);
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    };
  }, [rules]);
}
