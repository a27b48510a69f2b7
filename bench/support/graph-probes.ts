/** Programs that run in the page of a graph and tell how it keeps up. They are texts: this folder knows nothing of the browser's types. */
import type { Page } from 'playwright-core';

const PAN_MS = 2_000;
const UPDATE_MS = 3_000;

/**
 * Milliseconds from opening the run from the list, as a click does, to the frame in which its nodes are on the screen. The time that
 * the server takes for the answers is in it.
 */
export async function markPaint(page: Page, runId: string): Promise<number> {
  return await page.evaluate<number>(`(async () => {
    const link = [...document.querySelectorAll('a')].find((a) => a.href.includes('${runId}'));
    // The code of the page is fetched ahead when the pointer is over the link.
    link.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    link.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 400));
    const started = performance.now();
    link.click();
    const isPainted = () => {
      const canvas = document.querySelector('[role=tree]')?.parentElement.querySelector('canvas');
      if (!canvas || canvas.width === 300) return false;
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d').getImageData(width / 4, height / 4, width / 2, height / 2);
      for (let at = 3; at < data.length; at += 4096) if (data[at] > 0) return true;
      return data.some((value, at) => at % 4 === 3 && value > 0);
    };
    while (!isPainted()) await new Promise(requestAnimationFrame);
    return performance.now() - started;
  })()`);
}

interface Frames {
  readonly framesPerSecond: number;
  /** Of the same page while nothing moves: what the machine leaves to it. */
  readonly idleFramesPerSecond: number;
}

/** Moves the graph in every frame, back and forth over more than a screen. */
export async function panGraph(page: Page): Promise<Frames> {
  // From the list, the graph is small: zoomed in a little it is larger than the screen, and still without names.
  await page.waitForTimeout(500);
  return await page.evaluate<Frames>(`(async () => {
    const stage = document.querySelector('[role=tree]').parentElement;
    const { left, top, width, height } = stage.getBoundingClientRect();
    const wheel = (deltaX, deltaY, ctrlKey = false) =>
      stage.dispatchEvent(new WheelEvent('wheel', { deltaX, deltaY, ctrlKey, clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true }));
    wheel(0, -80, true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const count = async (move) => {
      const started = performance.now();
      let frames = 0;
      while (performance.now() - started < ${PAN_MS}) {
        move(Math.floor((performance.now() - started) / 500) % 2 === 0 ? 1 : -1);
        await new Promise(requestAnimationFrame);
        frames += 1;
      }
      return (frames * 1000) / (performance.now() - started);
    };
    const idleFramesPerSecond = await count(() => undefined);
    return { framesPerSecond: await count((way) => wheel(way * 24, way * 9)), idleFramesPerSecond };
  })()`);
}

/** Has the page told of `perSecond` changed tasks a second, as if the run went on, and finds the longest task of its thread meanwhile. */
export async function changeStates(
  page: Page,
  url: string,
  runId: string,
  perSecond: number,
): Promise<{ readonly longestTaskMs: number; readonly updates: number }> {
  await page.route(`**/apis/pipewright/v1/runs/${runId}`, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { readonly run: object };
    await route.fulfill({ response, json: { ...body, run: { ...body.run, state: 'RUNNING', ended_at: undefined } } });
  });
  await page.addInitScript(FAKE_EVENTS);
  await page.goto(`${url}/runs/${runId}`);
  await page.getByRole('treeitem').first().waitFor({ state: 'attached' });
  await page.waitForTimeout(1_000);
  const found = await page.evaluate<{ longestTaskMs: number; updates: number }>(`(async () => {
    let longestTaskMs = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (longestTaskMs = Math.max(longestTaskMs, duration)))).observe({ type: 'longtask' });
    const { tasks } = await (await fetch('/apis/v2beta1/runs/${runId}/tasks?view=BASIC&page_size=10000')).json();
    await new Promise((resolve) => setTimeout(resolve, 500));
    longestTaskMs = 0;
    const states = ['RUNNING', 'SUCCEEDED', 'FAILED', 'CACHED'];
    const started = performance.now();
    let updates = 0;
    // The server gathers changes for 50 ms.
    while (performance.now() - started < ${UPDATE_MS}) {
      const batch = Array.from({ length: ${perSecond} / 20 }, () => ({ ...tasks[(updates * 7) % tasks.length], state: states[updates++ % 4] }));
      window.tellEvent('tasks', { tasks: batch });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { longestTaskMs, updates };
  })()`);
  return found;
}

/** In place of the server's stream of the run's events one that the measurement feeds. */
const FAKE_EVENTS = `
  const sources = [];
  window.EventSource = class extends EventTarget {
    constructor(url) { super(); if (url.includes('/events') && url.includes('/runs/')) sources.push(this); }
    close() {}
  };
  window.tellEvent = (name, data) => sources.forEach((source) => source.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) })));
`;
