// Stands in for the package react-style-singleton, which GraphiQL's dialogs use to keep the page from scrolling.
// That package inserts <style> elements, which our content security policy forbids; an adopted style sheet is
// allowed, because only a script that is already running can make one.
import { useEffect } from "react";

type Singleton = { add(css: string): void; remove(): void };

/** One style sheet that is in the document from the first add to the last remove. */
export function stylesheetSingleton(): Singleton {
  const sheet = new CSSStyleSheet();
  let users = 0;
  return {
    add(css) {
      if (users++ > 0) return;
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    },
    remove() {
      if (--users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}

export function styleHookSingleton() {
  const sheet = stylesheetSingleton();
  return (styles: string, isDynamic?: boolean) => {
    useEffect(() => {
      sheet.add(styles);
      return () => sheet.remove();
    }, [styles && isDynamic]);
  };
}

/** A component that renders nothing and holds its styles in the document while it is mounted. */
export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic);
    return null;
  };
}
