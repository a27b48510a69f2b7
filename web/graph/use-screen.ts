import { type RefObject, useLayoutEffect } from 'react';
import type { Camera } from './camera.ts';

/** Tells the camera how large its element is, whenever that changes. */
export function useScreen(stage: RefObject<HTMLElement | null>, camera: Camera): void {
  useLayoutEffect(() => {
    const element = stage.current!;
    const measure = () => camera.resize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage, camera]);
}
