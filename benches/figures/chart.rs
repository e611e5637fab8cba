//! A bar chart as SVG, with a logarithmic scale: what differs by factors is shown by lengths.

use std::fmt::Write;

/// One bar: its label, its length, and whether it is one of ours.
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub ours: bool,
}

const LABELS: f64 = 330.0;
const SCALE: f64 = 380.0;
const LINE: f64 = 26.0;
const TOP: f64 = 44.0;

/// The chart of bars of `least` to `most`, which are powers of ten, in this unit.
pub fn svg(title: &str, unit: &str, [least, most]: [f64; 2], bars: &[Bar]) -> String {
    let x = |value: f64| {
        let part = (value.clamp(least, most) / least).log10() / (most / least).log10();
        LABELS + part * SCALE
    };
    let bottom = TOP + LINE * f64::from(u32::try_from(bars.len()).expect("a few bars"));
    let (width, height) = (LABELS + SCALE + 90.0, bottom + 30.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"12\" y=\"22\" font-size=\"15\" font-weight=\"bold\">{title}</text>\n"
    );
    let mut line = |text: std::fmt::Arguments<'_>| writeln!(out, "{text}").expect("a string");
    let mut mark = least;
    while mark <= most * 1.001 {
        let x = x(mark);
        line(format_args!(
            "<path d=\"M{x:.0} {TOP}V{bottom}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\" fill=\"#666\">{mark} {unit}</text>",
            bottom + 18.0
        ));
        mark *= 10.0;
    }
    let mut y = TOP;
    for Bar { label, value, ours } in bars {
        let (end, fill) = (x(*value), if *ours { "#2a7" } else { "#b55" });
        line(format_args!(
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{label}</text>\
             <rect x=\"{LABELS}\" y=\"{:.0}\" width=\"{:.1}\" height=\"16\" fill=\"{fill}\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\">{value:.1} {unit}</text>",
            LABELS - 8.0,
            y + 17.0,
            y + 4.0,
            end - LABELS,
            end + 6.0,
            y + 17.0
        ));
        y += LINE;
    }
    out + "</svg>\n"
}
