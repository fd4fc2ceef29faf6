//! A curve or two as SVG.

use std::fmt::Write as _;
use std::fs;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 60.0;
const BOTTOM: f64 = 30.0;
const TOP: f64 = 30.0;

/// `points` are seconds and values; `shaded` the seconds from and to which something was the matter.
pub(crate) fn write(
    path: &str,
    title: &str,
    unit: &str,
    points: &[(f64, f64)],
    shaded: Option<(f64, f64)>,
) {
    let last = points.iter().map(|(x, _)| *x).fold(1.0, f64::max);
    let most = points.iter().map(|(_, y)| *y).fold(1.0, f64::max) * 1.1;
    let x = |seconds: f64| LEFT + seconds / last * (WIDTH - LEFT - 10.0);
    let y = |value: f64| HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/><text x="{LEFT}" y="18" font-size="13">{title}</text>
"##
    );
    if let Some((from, to)) = shaded {
        let (from, to) = (x(from), x(to.min(last)));
        let (height, width) = (HEIGHT - BOTTOM - TOP, to - from);
        let _ = writeln!(
            svg,
            r##"<rect x="{from:.1}" y="{TOP}" width="{width:.1}" height="{height:.1}" fill="#fde2e2"/>"##
        );
    }
    for part in 0..=4 {
        let share = f64::from(part) / 4.0;
        let (value, at) = (most * share, y(most * share));
        let right = WIDTH - 10.0;
        let _ = writeln!(
            svg,
            r##"<line x1="{LEFT}" x2="{right}" y1="{at:.1}" y2="{at:.1}" stroke="#ddd"/><text x="4" y="{:.1}">{value:.0} {unit}</text>"##,
            at + 4.0
        );
        let _ = writeln!(
            svg,
            r#"<text x="{:.1}" y="{:.1}">{:.0} s</text>"#,
            x(last * share) - 12.0,
            HEIGHT - 10.0,
            last * share
        );
    }
    let line: Vec<_> = points
        .iter()
        .map(|(at, value)| format!("{:.1},{:.1}", x(*at), y(*value)))
        .collect();
    let _ = writeln!(
        svg,
        r##"<polyline points="{}" fill="none" stroke="#b45309" stroke-width="1.5"/>"##,
        line.join(" ")
    );
    svg.push_str("</svg>\n");
    fs::write(path, svg).unwrap();
}
