import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';

export interface TracingOptions {
  /** The collector's OTLP/HTTP traces address, for example `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  readonly version: string;
}

/** Spans of one call: a root for the call and a child a station. */
interface CallSpan {
  /** `from` and `to` are epoch milliseconds, fractions allowed. */
  station(name: string, from: number, to: number): void;
  end(attributes: Attributes, failed: boolean, at: number): void;
}

export interface Tracing {
  startCall(tool: string, call: string, traceparent: string | undefined, at: number): CallSpan;
  /** Sends what waits. */
  close(): Promise<void>;
}

/**
 * OpenTelemetry spans for the stations. Loaded only where it is configured: it costs some 60 ms of start-up, and a
 * gateway that is not traced shall not pay it.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: options.endpoint });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'sallyport', 'service.version': options.version }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const tracer: Tracer = provider.getTracer('sallyport', options.version);
  const parentOf = (traceparent: string | undefined): Context => {
    const parsed = traceparent === undefined ? null : parseTraceparent(traceparent);
    return parsed === null
      ? api.ROOT_CONTEXT
      : api.trace.setSpanContext(api.ROOT_CONTEXT, { ...parsed, isRemote: true });
  };
  return {
    startCall(tool, call, traceparent, at) {
      const attributes = {
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': tool,
        'sallyport.call': call,
      };
      const parent = parentOf(traceparent);
      const root: Span = tracer.startSpan(
        `tools/call ${tool}`,
        { kind: api.SpanKind.SERVER, startTime: at, attributes },
        parent,
      );
      const within = api.trace.setSpan(parent, root);
      return {
        station(name, from, to) {
          tracer.startSpan(name, { startTime: from }, within).end(to);
        },
        end(outcome, failed, endedAt) {
          root.setAttributes(outcome);
          if (failed) root.setStatus({ code: api.SpanStatusCode.ERROR });
          root.end(endedAt);
        },
      };
    },
    close: () => provider.shutdown(),
  };
}

/** W3C Trace Context, version 00: `00-<32 hex>-<16 hex>-<2 hex>`; anything else starts a trace of its own. */
function parseTraceparent(
  header: string,
): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } | null {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header);
  const [, traceId, spanId, flags] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}
