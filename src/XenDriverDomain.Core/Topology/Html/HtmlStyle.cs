using XenDriverDomain.Topology.Svg;

namespace XenDriverDomain.Topology.Html;

/// <summary>
/// The style sheet of the page, with that of the pictures in it: the same colours, of which each also has a word or a sign. No class of
/// the one is a class of the other. On paper everything is unfolded and nothing is filtered.
/// </summary>
internal static class HtmlStyle
{
    /// <summary>The sheet. Ink is for paper: dark colours are for a screen only.</summary>
    public static string Sheet { get; } = Page + SvgStyle.Sheet.Replace(
        "@media (prefers-color-scheme: dark)", "@media screen and (prefers-color-scheme: dark)", StringComparison.Ordinal);

    private const string Page =
        """

            :root {
              color-scheme: light dark;
              --canvas: #f6f8fa; --paper: #ffffff; --edge: #d1d9e0; --ink: #1f2328; --faint: #59636e; --link: #0969da; --mark: #eaeef2;
              --healthy: #1a7f37; --healthy-back: #dafbe1; --waiting: #7d5400; --waiting-back: #fff8c5; --broken: #b31d28; --broken-back: #ffebe9;
            }
            * { box-sizing: border-box; }
            html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; }
            body {
              margin: 0; background: var(--canvas); color: var(--ink);
              font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
            }
            header, main, nav, footer, .bar > div { max-width: 84rem; margin: 0 auto; padding: 0 1.5rem; }
            header { padding-top: 1.75rem; padding-bottom: .5rem; }
            h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
            h2 { margin: 0 0 .5rem; font-size: 1.3rem; line-height: 1.3; }
            h3 { margin: 0 0 .5rem; font-size: 1.1rem; line-height: 1.3; }
            h1, h2, h3, td, th, dd, caption, summary { overflow-wrap: anywhere; }
            p { margin: .25rem 0; }
            a { color: var(--link); }
            code, bdi { font-family: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; font-size: .93em; }
            h1 bdi, h2 bdi { font-family: inherit; font-size: 1em; }
            .faint { color: var(--faint); }
            .skip { position: absolute; left: -99rem; }
            .skip:focus { left: 1rem; top: .75rem; z-index: 2; padding: .4rem .8rem; background: var(--paper); border-radius: 6px; }
            .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
            :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }

            .stats { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0 .25rem; }
            .stats div {
              display: flex; flex-direction: column-reverse; min-width: 6.5rem; padding: .55rem .9rem; border: 1px solid var(--edge);
              border-radius: 10px; background: var(--paper);
            }
            .stats dd { margin: 0; font-size: 1.45rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
            .stats dt { color: var(--faint); font-size: .82rem; }
            .stats .is-healthy dd { color: var(--healthy); }
            .stats .is-waiting dd { color: var(--waiting); }
            .stats .is-broken dd { color: var(--broken); }

            .bar { position: sticky; top: 0; z-index: 1; margin-top: 1rem; background: var(--canvas); border-bottom: 1px solid var(--edge); }
            .bar > div { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; padding-top: .6rem; padding-bottom: .6rem; }
            .bar label { font-weight: 600; }
            .bar input {
              flex: 0 1 24rem; min-width: 12rem; padding: .4rem .7rem; font: inherit; color: inherit; background: var(--paper);
              border: 1px solid var(--faint); border-radius: 6px;
            }
            .bar output { color: var(--faint); }
            nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: 1rem 0 0; padding: 0; list-style: none; }

            main { padding-bottom: 3rem; }
            .host { margin-top: 2.25rem; }
            .card {
              margin: 1.25rem 0; padding: 1rem 1.25rem 1.1rem; border: 1px solid var(--edge); border-radius: 12px; background: var(--paper);
            }
            .scroll { overflow-x: auto; }
            figure { margin: 0; }
            figure svg { display: block; height: auto; max-width: 100%; min-width: 46rem; margin: 0 auto; }
            figcaption { color: var(--faint); font-size: .87rem; }

            table { width: 100%; border-collapse: collapse; font-size: .92rem; }
            caption { padding-bottom: .5rem; text-align: left; color: var(--faint); font-size: .87rem; }
            th, td { padding: .4rem 1.5rem .4rem 0; text-align: left; vertical-align: top; }
            thead th { border-bottom: 1px solid var(--edge); color: var(--faint); font-size: .82rem; font-weight: 600; white-space: nowrap; }
            tbody + tbody > tr:first-child > *, tbody > tr + tr:not(.more) > * { border-top: 1px solid var(--mark); }
            tbody th { font-weight: 650; min-width: 7rem; }
            .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .short { white-space: nowrap; }
            .wide { min-width: 14rem; }
            .more > td { padding-top: 0; }
            tr:has(+ .more) > * { padding-bottom: .1rem; }
            .more summary, .names summary { color: var(--link); font-size: .87rem; font-weight: 400; }
            .more .inner {
              margin: .5rem 0 .6rem; padding: .6rem .9rem; border-left: 3px solid var(--edge); border-radius: 0 8px 8px 0;
              background: var(--canvas);
            }
            .names p { font-weight: 400; }
            summary { width: fit-content; cursor: pointer; }

            .badge {
              display: inline-block; padding: 0 .6rem 0 .5rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; white-space: nowrap;
            }
            .badge.is-healthy { color: var(--healthy); background: var(--healthy-back); }
            .badge.is-waiting { color: var(--waiting); background: var(--waiting-back); }
            .badge.is-broken { color: var(--broken); background: var(--broken-back); }
            .well { margin: 0; font-weight: 600; color: var(--healthy); }

            @media screen {
              .off { display: none; }
            }
            @media (max-width: 40rem) {
              header, main, nav, .bar > div { padding-left: .9rem; padding-right: .9rem; }
              .card { padding: .8rem .9rem; }
            }
            @media screen and (prefers-color-scheme: dark) {
              :root {
                --canvas: #010409; --paper: #0d1117; --edge: #3d444d; --ink: #e6edf3; --faint: #9198a1; --link: #4493f8; --mark: #21262d;
                --healthy: #3fb950; --healthy-back: #12331d; --waiting: #e3b341; --waiting-back: #352b12; --broken: #ff7b72; --broken-back: #3d1a1d;
              }
            }
            @media print {
              :root { color-scheme: light; --canvas: #ffffff; }
              .skip, .bar, nav { display: none; }
              body { font-size: 10pt; }
              header, main { max-width: none; padding: 0; }
              .card { padding: .5rem 0; border: 0; }
              .scroll { overflow: visible; }
              figure svg { min-width: 0; }
              details:not([open])::details-content { display: block; content-visibility: visible; block-size: auto; }
              summary, .more summary, .names summary { list-style: none; color: var(--faint); }
              tr, figure, .stats { break-inside: avoid; }
              h2, h3, caption, thead { break-after: avoid; }
            }

        """;
}
