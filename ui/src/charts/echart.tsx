/** An ECharts drawing in SVG that follows its box and its options; nothing else. */

import { CustomChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { type ECharts, type EChartsCoreOption, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";

register([CustomChart, ScatterChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

interface ChartProps {
  readonly option: EChartsCoreOption;
  readonly height: number;
  readonly label: string;
}

export function Chart({ option, height, label }: ChartProps) {
  const { ref, width } = useElementSize();
  const chart = useRef<ECharts | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current || width === 0) return undefined;
    const made = init(box.current, null, { renderer: "svg", width, height });
    made.setOption(option);
    chart.current = made;
    return () => made.dispose();
  }, [option, width, height]);
  return (
    <div ref={ref} style={{ width: "100%", height }}>
      <div ref={box} role="img" aria-label={label} style={{ height }} />
    </div>
  );
}

/** The same drawing as SVG text, made without a page. */
export function chartSvg(option: EChartsCoreOption, size: { width: number; height: number }): string {
  const made = init(null, null, { renderer: "svg", ssr: true, ...size });
  made.setOption({ ...option, animation: false });
  const svg = made.renderToSVGString();
  made.dispose();
  return svg;
}
