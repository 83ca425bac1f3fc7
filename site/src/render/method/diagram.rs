//! Stocks and flows → a drawing: stocks as boxes, flows as pipes with valves, what lies outside the model as clouds.
//!
//! [`System`] + width → [`layout`] → [`Layout`] → [`svg`]
//!
//! Stocks that flows join stand below each other in the order of the model. A flow to the next stock runs down between
//! the two boxes. All others leave their box sideways: to the left what comes from outside or leads further down, to
//! the right what leads outside or back up, along lanes at the edge. Nested lanes lie further out the further they
//! lead, and their stubs stand in the order in which they do not cross. The same model gives the same drawing.

use chart::text::{self, Weight};

use super::system::System;
use crate::html::escape;

/// As wide as the text column and as a phone.
pub const WIDTHS: [f64; 2] = [620.0, 340.0];

const LANE: f64 = 13.0;
const CLOUD: (f64, f64) = (34.0, 22.0);
const VALVE: f64 = 8.0;
/// Between a flow's words and its pipe.
const ABOVE_PIPE: f64 = 12.0;
const BELOW_PIPE: f64 = 16.0;
const ARRIVAL: f64 = 24.0;
const BETWEEN_PARTS: f64 = 26.0;

/// Where everything stands.
#[derive(Debug, Default, PartialEq)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    pub boxes: Vec<StockBox>,
    pub pipes: Vec<Pipe>,
    pub clouds: Vec<Rectangle>,
    pub valves: Vec<Valve>,
    pub words: Vec<Words>,
}

/// A rectangle along the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

#[derive(Debug, PartialEq)]
pub struct StockBox {
    pub area: Rectangle,
    pub is_array: bool,
}

/// A line of corners; the last one has the arrow.
#[derive(Debug, PartialEq)]
pub struct Pipe {
    pub corners: Vec<(f64, f64)>,
}

#[derive(Debug, PartialEq)]
pub struct Valve {
    pub at: (f64, f64),
    pub is_upright: bool,
}

/// A line of text; `y` of its area is its upper edge.
#[derive(Debug, PartialEq)]
pub struct Words {
    pub text: String,
    pub role: Role,
    pub area: Rectangle,
}

/// What a line of text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Stock,
    Flow,
    /// Levers that change a flow.
    Levers,
    /// What a flow follows.
    Auxiliary,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A pipe that leaves or reaches a box sideways.
#[derive(Clone, Copy, Debug)]
struct Stub {
    flow: usize,
    side: Side,
    way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    FromCloud,
    ToCloud,
    /// Starts on a lane.
    Departs,
    /// Comes from a lane.
    Arrives,
}

/// A flow along the edge, from the stock at one place of its part to that at another.
#[derive(Clone, Copy, Debug)]
struct Lane {
    flow: usize,
    from: usize,
    to: usize,
    side: Side,
    /// Counted from the boxes outward.
    place: usize,
}

/// Where a lane leaves a box and where it reaches one.
#[derive(Clone, Copy, Debug, Default)]
struct LaneEnds {
    start: Option<(f64, f64)>,
    end: Option<(f64, f64)>,
}

/// Lays the drawing out for a width.
pub fn layout(system: &System, levers: &[String], width: f64) -> Layout {
    let mut layout = Layout { width, ..Layout::default() };
    let mut top = 4.0;
    for part in parts(system) {
        if top > 4.0 {
            top += BETWEEN_PARTS;
        }
        top = Part::new(system, levers, &part, width).place(top, &mut layout);
    }
    layout.height = top + 6.0;
    layout
}

/// Stocks that flows join, directly or by way of others.
fn parts(system: &System) -> Vec<Vec<usize>> {
    let mut part_of: Vec<usize> = (0..system.stocks.len()).collect();
    for flow in &system.flows {
        if let (Some(from), Some(to)) = (flow.from, flow.to) {
            let (a, b) = (part_of[from].min(part_of[to]), part_of[from].max(part_of[to]));
            part_of.iter_mut().filter(|part| **part == b).for_each(|part| *part = a);
        }
    }
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); system.stocks.len()];
    for (stock, part) in part_of.into_iter().enumerate() {
        parts[part].push(stock);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A part of the drawing before it has its place.
struct Part<'s> {
    system: &'s System,
    levers: &'s [String],
    stocks: &'s [usize],
    /// For each stock but the last, the flow straight down to the next.
    down: Vec<Option<usize>>,
    stubs: Vec<Vec<Stub>>,
    lanes: Vec<Lane>,
    box_left: f64,
    box_right: f64,
    width: f64,
}

impl<'s> Part<'s> {
    fn new(system: &'s System, levers: &'s [String], stocks: &'s [usize], width: f64) -> Self {
        let box_width = (width * 0.3).clamp(96.0, 190.0);
        let mut part = Self {
            system,
            levers,
            stocks,
            down: vec![None; stocks.len().saturating_sub(1)],
            stubs: vec![Vec::new(); stocks.len()],
            lanes: Vec::new(),
            box_left: (width - box_width) / 2.0,
            box_right: (width + box_width) / 2.0,
            width,
        };
        part.route();
        part
    }

    /// Decides which way each flow takes.
    fn route(&mut self) {
        let place = |stock: Option<usize>| self.stocks.iter().position(|one| Some(*one) == stock);
        let mut clouds = Vec::new();
        for (flow, ends) in self.system.flows.iter().enumerate() {
            match (place(ends.from), place(ends.to)) {
                (None, None) => {}
                (None, Some(to)) => clouds.push((to, Stub { flow, side: Side::Left, way: Way::FromCloud })),
                (Some(from), None) => clouds.push((from, Stub { flow, side: Side::Right, way: Way::ToCloud })),
                (Some(from), Some(to)) if to == from + 1 && self.down[from].is_none() => self.down[from] = Some(flow),
                (Some(from), Some(to)) => {
                    let side = if to > from { Side::Left } else { Side::Right };
                    self.lanes.push(Lane { flow, from, to, side, place: 0 });
                }
            }
        }
        // The short ones lie inside.
        self.lanes.sort_by_key(|lane| (lane.from.abs_diff(lane.to), lane.flow));
        for index in 0..self.lanes.len() {
            let lane = self.lanes[index];
            let meets = |other: &&Lane| {
                other.side == lane.side
                    && other.from.min(other.to) <= lane.from.max(lane.to)
                    && lane.from.min(lane.to) <= other.from.max(other.to)
            };
            let taken = self.lanes[..index].iter().filter(meets).map(|other| other.place + 1).max();
            self.lanes[index].place = taken.unwrap_or(0);
        }
        for stock in 0..self.stocks.len() {
            self.stubs[stock] = self.stubs_of(stock, &clouds);
        }
    }

    /// The stubs of a box from top to bottom, in the order in which lanes do not cross.
    fn stubs_of(&self, stock: usize, clouds: &[(usize, Stub)]) -> Vec<Stub> {
        let clouds = clouds.iter().filter(|(at, _)| *at == stock).map(|(_, stub)| *stub);
        let lanes = |side: Side, arrives: bool| {
            let mut found: Vec<&Lane> = self
                .lanes
                .iter()
                .filter(|lane| lane.side == side && stock == if arrives { lane.to } else { lane.from })
                .collect();
            found.sort_by_key(|lane| lane.place);
            if (side == Side::Left) != arrives {
                found.reverse();
            }
            let way = if arrives { Way::Arrives } else { Way::Departs };
            found.into_iter().map(|lane| Stub { flow: lane.flow, side, way }).collect::<Vec<_>>()
        };
        // To the left lanes run down: what arrives stands above what departs. To the right they run up.
        let mut stubs = lanes(Side::Left, true);
        stubs.extend(lanes(Side::Right, false));
        stubs.extend(clouds);
        stubs.extend(lanes(Side::Left, false));
        stubs.extend(lanes(Side::Right, true));
        stubs
    }

    /// Room that lanes take at the edge of a side.
    fn edge(&self, side: Side) -> f64 {
        let lanes = self.lanes.iter().filter(|lane| lane.side == side).map(|lane| lane.place + 1).max().unwrap_or(0);
        6.0 + lanes as f64 * LANE
    }

    fn lane_x(&self, lane: &Lane) -> f64 {
        let inward = self.edge(lane.side) - lane.place as f64 * LANE - LANE / 2.0 - 3.0;
        if lane.side == Side::Left { inward } else { self.width - inward }
    }

    /// Where words beside a box may stand, from left to right.
    fn room(&self, side: Side) -> (f64, f64) {
        match side {
            Side::Left => (self.edge(side), self.box_left - 8.0),
            Side::Right => (self.box_right + 8.0, self.width - self.edge(side)),
        }
    }

    /// The lines that name a flow, its levers and what it follows.
    fn lines(&self, flow: usize, room: f64) -> Vec<(String, Role)> {
        let flow = &self.system.flows[flow];
        let mut lines: Vec<(String, Role)> = Vec::new();
        let mut add = |words: &str, role: Role| {
            lines.extend(text::wrap(words, Weight::Regular, room).into_iter().map(|line| (line, role)));
        };
        add(&flow.label, Role::Flow);
        for follows in &flow.follows {
            add(&format!("○\u{a0}{follows}"), Role::Auxiliary);
        }
        if flow.levers.len() > 1 && flow.levers.len() == self.levers.len() {
            add("All levers", Role::Levers);
        } else if !flow.levers.is_empty() {
            let ids: Vec<&str> = flow.levers.iter().map(|lever| self.levers[*lever].as_str()).collect();
            add(&ids.join(" "), Role::Levers);
        }
        lines
    }

    fn stub_height(&self, stub: Stub) -> f64 {
        if stub.way == Way::Arrives {
            return ARRIVAL;
        }
        let (left, right) = self.room(stub.side);
        self.lines(stub.flow, right - left).len() as f64 * text::LINE + ABOVE_PIPE + BELOW_PIPE
    }

    /// Puts everything in its place and gives the lower edge.
    fn place(&self, top: f64, layout: &mut Layout) -> f64 {
        let mut y = top;
        let mut lane_ends: Vec<LaneEnds> = vec![LaneEnds::default(); self.system.flows.len()];
        for (index, stock) in self.stocks.iter().enumerate() {
            let bottom = self.place_box(index, *stock, y, &mut lane_ends, layout);
            y = bottom;
            if index + 1 < self.stocks.len() {
                y = self.place_gap(index, bottom, layout);
            }
        }
        for lane in &self.lanes {
            if let LaneEnds { start: Some(start), end: Some(end) } = lane_ends[lane.flow] {
                let x = self.lane_x(lane);
                layout.pipes.push(Pipe { corners: vec![start, (x, start.1), (x, end.1), end] });
            }
        }
        y
    }

    fn place_box(&self, index: usize, stock: usize, top: f64, lane_ends: &mut [LaneEnds], layout: &mut Layout) -> f64 {
        let stock = &self.system.stocks[stock];
        let names = text::wrap(&stock.label, Weight::Semibold, self.box_right - self.box_left - 16.0);
        let names_height = names.len() as f64 * text::LINE;
        let sum = |side: Side| -> f64 {
            self.stubs[index].iter().filter(|stub| stub.side == side).map(|stub| self.stub_height(*stub)).sum()
        };
        let (left, right) = (sum(Side::Left), sum(Side::Right));
        let height = left.max(right).max(names_height + 24.0);
        let (mut left_y, mut right_y) = (top + (height - left) / 2.0, top + (height - right) / 2.0);
        for stub in &self.stubs[index] {
            let y = if stub.side == Side::Left { &mut left_y } else { &mut right_y };
            let end = self.place_stub(*stub, *y, layout);
            if let Some(end) = end {
                let ends = &mut lane_ends[stub.flow];
                if stub.way == Way::Departs { ends.start = Some(end) } else { ends.end = Some(end) }
            }
            *y += self.stub_height(*stub);
        }
        let area = Rectangle { x: self.box_left, y: top, width: self.box_right - self.box_left, height };
        layout.boxes.push(StockBox { area, is_array: stock.is_array });
        for (line, words) in names.into_iter().enumerate() {
            let width = text::width(&words, Weight::Semibold);
            let y = top + (height - names_height) / 2.0 + line as f64 * text::LINE;
            let area = Rectangle { x: (self.width - width) / 2.0, y, width, height: text::LINE };
            layout.words.push(Words { text: words, role: Role::Stock, area });
        }
        top + height
    }

    /// A pipe between a box and a cloud, or the end of a lane at the box.
    fn place_stub(&self, stub: Stub, top: f64, layout: &mut Layout) -> Option<(f64, f64)> {
        let at_box = if stub.side == Side::Left { self.box_left } else { self.box_right };
        if stub.way == Way::Arrives {
            return Some((at_box, top + ARRIVAL / 2.0));
        }
        let (left, right) = self.room(stub.side);
        let lines = self.lines(stub.flow, right - left);
        let y = top + lines.len() as f64 * text::LINE + ABOVE_PIPE;
        place_lines(lines, left, top, layout);
        let cloud_x = if stub.side == Side::Left { left } else { right - CLOUD.0 };
        let cloud_edge = if stub.side == Side::Left { left + CLOUD.0 } else { right - CLOUD.0 };
        layout.valves.push(Valve { at: ((cloud_edge + at_box) / 2.0, y), is_upright: false });
        let corners = match stub.way {
            Way::FromCloud => vec![(cloud_edge, y), (at_box, y)],
            Way::ToCloud => vec![(at_box, y), (cloud_edge, y)],
            Way::Departs | Way::Arrives => return Some((at_box, y)),
        };
        layout.pipes.push(Pipe { corners });
        layout.clouds.push(Rectangle { x: cloud_x, y: y - CLOUD.1 / 2.0, width: CLOUD.0, height: CLOUD.1 });
        None
    }

    /// The flow from a box down to the next.
    fn place_gap(&self, index: usize, top: f64, layout: &mut Layout) -> f64 {
        let Some(flow) = self.down[index] else { return top + 28.0 };
        let x = self.width / 2.0;
        let left = x + VALVE + 12.0;
        let lines = self.lines(flow, self.width - self.edge(Side::Right) - left);
        let height = (lines.len() as f64 * text::LINE + 20.0).max(52.0);
        let words_top = top + (height - lines.len() as f64 * text::LINE) / 2.0;
        place_lines(lines, left, words_top, layout);
        layout.pipes.push(Pipe { corners: vec![(x, top), (x, top + height)] });
        layout.valves.push(Valve { at: (x, top + height / 2.0), is_upright: true });
        top + height
    }
}

fn place_lines(lines: Vec<(String, Role)>, x: f64, top: f64, layout: &mut Layout) {
    for (index, (text, role)) in lines.into_iter().enumerate() {
        let width = text::width(&text, Weight::Regular);
        let area = Rectangle { x, y: top + index as f64 * text::LINE, width, height: text::LINE };
        layout.words.push(Words { text, role, area });
    }
}

/// The drawing as SVG. Its colours are those of the style sheet.
pub fn svg(layout: &Layout, id: &str, title: &str, description: &str) -> String {
    let (width, height) = (layout.width, layout.height);
    let form = if width < 500.0 { "narrow" } else { "wide" };
    let mut svg = format!(
        "<svg class=\"chart chart-{form} system\" viewBox=\"0 0 {width} {}\" width=\"{width}\" height=\"{}\" role=\"img\" \
         aria-labelledby=\"{id}-{form}-title {id}-{form}-desc\"><title id=\"{id}-{form}-title\">{}</title>\
         <desc id=\"{id}-{form}-desc\">{}</desc>",
        number(height),
        number(height),
        escape(title),
        escape(description)
    );
    for pipe in &layout.pipes {
        let ends: Vec<String> = pipe.corners.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
        svg.push_str(&format!("<polyline class=\"system-pipe\" fill=\"none\" points=\"{}\"/>", ends.join(" ")));
        svg.push_str(&arrow(pipe));
    }
    for cloud in &layout.clouds {
        svg.push_str(&self::cloud(cloud));
    }
    for valve in &layout.valves {
        svg.push_str(&self::valve(valve));
    }
    for stock in &layout.boxes {
        svg.push_str(&stock_box(stock));
    }
    for words in &layout.words {
        let class = match words.role {
            Role::Stock => "system-stock-name",
            Role::Flow => "system-flow-name",
            Role::Levers => "system-levers",
            Role::Auxiliary => "system-auxiliary",
        };
        let weight = if words.role == Role::Stock { " font-weight=\"600\"" } else { "" };
        svg.push_str(&format!(
            "<text class=\"{class}\" font-size=\"{}\"{weight} x=\"{}\" y=\"{}\">{}</text>",
            text::SIZE,
            number(words.area.x),
            number(words.area.y + text::LINE / 2.0 + text::DROP),
            escape(&words.text)
        ));
    }
    svg.push_str("</svg>");
    svg
}

fn stock_box(stock: &StockBox) -> String {
    let Rectangle { x, y, width, height } = stock.area;
    let rectangle = |by: f64| {
        format!(
            "<rect class=\"system-stock\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            number(x + by),
            number(y + by),
            number(width),
            number(height)
        )
    };
    // An array of stocks looks like a pile of them.
    let behind = if stock.is_array { rectangle(4.0) } else { String::new() };
    behind + &rectangle(0.0)
}

fn arrow(pipe: &Pipe) -> String {
    let &[.., (from_x, from_y), (x, y)] = pipe.corners.as_slice() else { return String::new() };
    let (dx, dy) = ((x - from_x).signum() * f64::from(x != from_x), (y - from_y).signum() * f64::from(y != from_y));
    let corner = |along: f64, across: f64| {
        format!("{},{}", number(x - dx * along - dy * across), number(y - dy * along + dx * across))
    };
    format!(
        "<polygon class=\"system-arrow\" points=\"{} {} {}\"/>",
        corner(0.0, 0.0),
        corner(9.0, 5.0),
        corner(9.0, -5.0)
    )
}

fn valve(valve: &Valve) -> String {
    let (x, y) = valve.at;
    let corner = |along: f64, across: f64| {
        let (dx, dy) = if valve.is_upright { (across, along) } else { (along, across) };
        format!("{},{}", number(x + dx), number(y + dy))
    };
    format!(
        "<polygon class=\"system-valve\" points=\"{} {} {} {}\"/>",
        corner(-VALVE, -6.0),
        corner(VALVE, 6.0),
        corner(VALVE, -6.0),
        corner(-VALVE, 6.0)
    )
}

fn cloud(area: &Rectangle) -> String {
    let at = |x: f64, y: f64| format!("{} {}", number(area.x + x * area.width), number(area.y + y * area.height));
    format!(
        "<path class=\"system-cloud\" d=\"M{}C{} {} {}C{} {} {}C{} {} {}C{} {} {}Z\"/>",
        at(0.2, 0.9),
        at(-0.08, 0.9),
        at(-0.04, 0.3),
        at(0.22, 0.38),
        at(0.28, -0.08),
        at(0.62, -0.08),
        at(0.68, 0.26),
        at(1.06, 0.2),
        at(1.08, 0.9),
        at(0.8, 0.9),
        at(0.6, 0.98),
        at(0.4, 0.98),
        at(0.2, 0.9),
    )
}

/// To a tenth, which is finer than a screen.
fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    format!("{tenths}")
}

#[cfg(test)]
mod tests {
    use super::super::system::{Flow, Stock};
    use super::*;

    fn system(stocks: usize, flows: &[(Option<usize>, Option<usize>)]) -> System {
        let stock = |index: usize| Stock {
            id: format!("s{index}"),
            label: format!("Stock number {index}"),
            is_array: index == 0,
        };
        let flow = |(index, (from, to)): (usize, &(Option<usize>, Option<usize>))| Flow {
            id: format!("f{index}"),
            label: format!("Flow number {index} with a rather long name"),
            from: *from,
            to: *to,
            levers: vec![0, 1],
            follows: if index % 2 == 0 { vec!["Something elsewhere".to_owned()] } else { Vec::new() },
        };
        System { stocks: (0..stocks).map(stock).collect(), flows: flows.iter().enumerate().map(flow).collect() }
    }

    fn systems() -> Vec<System> {
        vec![
            system(1, &[(None, Some(0)), (Some(0), None)]),
            system(2, &[(Some(0), Some(1)), (Some(0), Some(1)), (Some(1), Some(0)), (None, Some(0))]),
            // As the firms of the published model.
            system(
                4,
                &[
                    (None, Some(0)),
                    (None, Some(1)),
                    (None, Some(2)),
                    (Some(0), Some(1)),
                    (Some(1), Some(2)),
                    (Some(0), Some(2)),
                    (Some(2), Some(3)),
                    (Some(2), Some(1)),
                    (Some(3), Some(1)),
                    (Some(0), None),
                    (Some(1), None),
                    (Some(2), None),
                    (Some(3), None),
                ],
            ),
            system(
                5,
                &[
                    (Some(0), Some(4)),
                    (Some(1), Some(3)),
                    (Some(4), Some(0)),
                    (Some(3), Some(1)),
                    (Some(4), Some(2)),
                    (Some(2), None),
                ],
            ),
            system(3, &[(Some(0), Some(2)), (None, Some(1))]),
        ]
    }

    fn levers() -> Vec<String> {
        ["L01", "L02", "L03"].map(str::to_owned).to_vec()
    }

    fn overlap(a: &Rectangle, b: &Rectangle) -> bool {
        a.x < b.x + b.width - 0.01
            && b.x < a.x + a.width - 0.01
            && a.y < b.y + b.height - 0.01
            && b.y < a.y + a.height - 0.01
    }

    /// The stretches of a pipe as thin rectangles.
    fn stretches(pipe: &Pipe) -> Vec<Rectangle> {
        pipe.corners
            .windows(2)
            .map(|ends| {
                let ((x, y), (to_x, to_y)) = (ends[0], ends[1]);
                Rectangle {
                    x: x.min(to_x),
                    y: y.min(to_y),
                    width: (x - to_x).abs().max(0.1),
                    height: (y - to_y).abs().max(0.1),
                }
            })
            .collect()
    }

    #[test]
    fn nothing_stands_on_anything_else() {
        for (index, system) in systems().iter().enumerate() {
            for width in WIDTHS {
                let layout = layout(system, &levers(), width);
                let mut things: Vec<(String, Rectangle)> = Vec::new();
                things.extend(layout.clouds.iter().map(|area| ("a cloud".to_owned(), *area)));
                things.extend(
                    layout
                        .words
                        .iter()
                        .filter(|words| words.role != Role::Stock)
                        .map(|words| (words.text.clone(), words.area)),
                );
                things.extend(layout.valves.iter().map(|valve| {
                    let (x, y) = valve.at;
                    ("a valve".to_owned(), Rectangle { x: x - 8.0, y: y - 6.0, width: 16.0, height: 12.0 })
                }));
                let inside = Rectangle { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
                for (place, (name, area)) in things.iter().enumerate() {
                    assert!(
                        area.x >= 0.0 && area.x + area.width <= inside.width && area.y + area.height <= inside.height,
                        "{index} at {width}: {name} sticks out"
                    );
                    for (other, second) in things[..place]
                        .iter()
                        .chain(layout.boxes.iter().map(|one| ("a box".to_owned(), one.area)).collect::<Vec<_>>().iter())
                    {
                        assert!(!overlap(area, second), "{index} at {width}: {name} stands on {other}");
                    }
                }
                for words in &layout.words {
                    for stretch in layout.pipes.iter().flat_map(stretches) {
                        assert!(
                            !overlap(&words.area, &stretch),
                            "{index} at {width}: a pipe runs through {}",
                            words.text
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn nested_lanes_do_not_cross() {
        for (index, system) in systems().iter().enumerate() {
            let layout = layout(system, &levers(), WIDTHS[0]);
            let stretches: Vec<(usize, Rectangle)> = layout
                .pipes
                .iter()
                .enumerate()
                .flat_map(|(pipe, corners)| stretches(corners).into_iter().map(move |stretch| (pipe, stretch)))
                .collect();
            for (pipe, a) in &stretches {
                for (other, b) in &stretches {
                    assert!(pipe == other || !overlap(a, b), "system {index}: pipes {pipe} and {other} cross");
                }
            }
        }
    }

    #[test]
    fn every_flow_has_a_pipe_a_valve_and_a_name() {
        for system in systems() {
            let layout = layout(&system, &levers(), WIDTHS[1]);
            assert_eq!(layout.pipes.len(), system.flows.len());
            assert_eq!(layout.valves.len(), system.flows.len());
            assert_eq!(layout.boxes.len(), system.stocks.len());
            assert_eq!(layout, self::layout(&system, &levers(), WIDTHS[1]), "the same every time");
        }
    }
}
