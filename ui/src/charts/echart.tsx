/** An ECharts drawing in SVG that follows its box and its options; nothing else. */

import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { type ECharts, type EChartsCoreOption, init, use as register } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";

register([BarChart, CustomChart, LineChart, SankeyChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, AriaComponent, LabelLayout, SVGRenderer]);

interface ChartProps {
  readonly option: EChartsCoreOption;
  readonly height: number;
  readonly label: string;
  /** Called with what was clicked; the same must be within reach of the keyboard in the table. */
  readonly onPick?: ((picked: Picked) => void) | undefined;
}

export interface Picked {
  readonly seriesIndex: number;
  readonly dataIndex: number;
  readonly dataType: string | undefined;
}

export function Chart({ option, height, label, onPick }: ChartProps) {
  const { ref, width } = useElementSize();
  const chart = useRef<ECharts | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current || width === 0) return undefined;
    const made = init(box.current, null, { renderer: "svg", width, height });
    made.setOption(option);
    made.on("click", (event) => onPick?.({ seriesIndex: event.seriesIndex ?? 0, dataIndex: event.dataIndex, dataType: event.dataType }));
    chart.current = made;
    return () => made.dispose();
  }, [option, width, height, onPick]);
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
