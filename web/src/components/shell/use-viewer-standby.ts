import { useEffect } from "react";

/** Browsers without requestIdleCallback begin after so long, ms. */
const settled = 500;

/** Gets ready for Connect while the agent looks at a page: the viewer's code is loaded and its worker started, unless the line is dear. */
export function useViewerStandby(): void {
  useEffect(() => {
    if (typeof Worker === "undefined" || savesData()) return;
    if (typeof requestIdleCallback === "undefined") {
      const timer = setTimeout(() => void prepare(), settled);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(() => void prepare(), { timeout: 4 * settled });
    return () => cancelIdleCallback(idle);
  }, []);
}

async function prepare(): Promise<void> {
  try {
    const [{ standBy }] = await Promise.all([import("../../viewer/standby"), import("../../pages/viewer/viewer-page")]);
    standBy();
  } catch {
    // Connect loads it again, and says what is wrong.
  }
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
