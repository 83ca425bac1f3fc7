//! A real Chromium, driven through the DevTools protocol.
//!
//! [`Chromium::launch`] → [`Chromium::open`] → [`View`]: what a reader does, what the page then is, and everything that
//! went wrong on it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use headless_chrome::browser::tab::Tab;
use headless_chrome::browser::tab::point::Point;
use headless_chrome::protocol::cdp::types::{Event, Method};
use headless_chrome::{Browser, LaunchOptions};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Nothing that works takes this long, even on a slow machine that compiles something else.
const DEADLINE: Duration = Duration::from_secs(120);
/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(25);

/// How Chromium is started: no graphics, no first-run pages, no traffic of its own, and tabs that are never put to sleep.
const FLAGS: [&str; 18] = [
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-quic",
    "--disable-renderer-backgrounding",
    "--disable-sync",
    // Lets a page move the mouse, within the window.
    "--enable-gpu-benchmarking",
    "--window-size=1600,1200",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
];

/// Collects, inside the page, what goes wrong and what moves.
const COLLECTOR: &str = "
    window.levers = { problems: [], shifts: [] };
    const note = (kind, text) => window.levers.problems.push(`${kind}: ${text}`);
    addEventListener('securitypolicyviolation', event =>
        note('content security policy', `${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`));
    addEventListener('unhandledrejection', event => note('unhandled rejection', event.reason));
    addEventListener('error', event => note('error', event.message ?? event.target?.outerHTML?.slice(0, 200)), true);
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
            const moved = entry.sources.map(({ node, previousRect: from, currentRect: to }) =>
                `${node?.nodeName}.${node?.className?.baseVal ?? node?.className} ` +
                `from ${from.x},${from.y} ${from.width}×${from.height} to ${to.x},${to.y} ${to.width}×${to.height}`);
            window.levers.shifts.push(`${entry.value.toFixed(4)}: ${moved.join('; ')}`);
        }
    }).observe({ type: 'layout-shift', buffered: true });
";

/// A browser with a profile of its own; it ends with this value.
pub struct Chromium {
    browser: Browser,
}

/// Whether the pages' scripts run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// As in every browser.
    On,
    /// As for readers who switched them off.
    Off,
}

/// A page in a tab.
pub struct View {
    tab: Arc<Tab>,
    logged: Arc<Mutex<Vec<String>>>,
}

impl Chromium {
    /// Starts the system's Chromium; on Debian and Ubuntu it is installed when it is missing and we may.
    pub fn launch() -> Self {
        Self::launch_with(&[])
    }

    /// As a reader has it who had the browser write letters in so many pixels where a page does not say.
    pub fn launch_with_letters(pixels: u32) -> Self {
        Self::launch_with(&[&format!("--blink-settings=defaultFontSize={pixels}")])
    }

    fn launch_with(flags: &[&str]) -> Self {
        let options = LaunchOptions {
            path: Some(executable()),
            headless: true,
            sandbox: false,
            ignore_certificate_errors: false,
            disable_default_args: true,
            args: FLAGS.iter().chain(flags).map(OsStr::new).collect(),
            idle_browser_timeout: DEADLINE,
            ..LaunchOptions::default()
        };
        let browser = Browser::new(options).unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        Self { browser }
    }

    /// Opens `url` in a window `width` CSS pixels wide, and waits until it is loaded.
    pub fn open(&self, url: &str, width: u32, scripts: Scripts) -> View {
        let view = self.empty(width, scripts);
        view.go(url);
        view
    }

    /// An empty window `width` CSS pixels wide.
    pub fn empty(&self, width: u32, scripts: Scripts) -> View {
        let tab = self.browser.new_tab().expect("Chromium opens tabs");
        tab.set_default_timeout(DEADLINE);
        let logged = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&logged);
        let listener = move |event: &Event| {
            if let Some(problem) = problem(event) {
                log.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
            }
        };
        tab.add_event_listener(Arc::new(listener)).expect("listeners can be added");
        tab.enable_log().expect("Chromium tells what it logs");
        tab.enable_runtime().expect("Chromium tells what pages log");
        let view = View { tab, logged };
        view.call(Viewport { width, height: 900, device_scale_factor: 1.0, mobile: false });
        view.call(DisableScripts { value: scripts == Scripts::Off });
        view.call(OnNewDocument { source: COLLECTOR });
        // Keys and clicks go to the page in front.
        view.call(EmulateFocus { enabled: true });
        view.tab.bring_to_front().expect("a tab can be brought to the front");
        view
    }
}

impl View {
    /// Goes to `url` and waits until it is loaded.
    pub fn go(&self, url: &str) {
        self.start(url);
        self.until(&format!("{url} is loaded"), "document.readyState === 'complete'");
    }

    /// Goes to `url` and waits only until its text is there and painted.
    pub fn start(&self, url: &str) {
        self.tab.navigate_to(url).unwrap_or_else(|error| panic!("{url} does not open: {error}"));
        let painted =
            "document.readyState !== 'loading' && performance.getEntriesByName('first-contentful-paint').length > 0";
        self.until(&format!("{url} is painted"), &format!("location.href === {} && {painted}", quoted(url)));
    }

    /// Changes the width of the window, and waits until the page has been laid out for it.
    pub fn resize(&self, width: u32) {
        self.call(Viewport { width, height: 900, device_scale_factor: 1.0, mobile: false });
        self.until(&format!("the window is {width} pixels wide"), &format!("innerWidth === {width}"));
    }

    /// The value of a JavaScript expression, awaited if it is a promise.
    pub fn value<T: DeserializeOwned>(&self, expression: &str) -> T {
        let value = self.try_value(expression).unwrap_or_else(|error| panic!("{expression}\n{error}"));
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{expression}\ngives {value}: {error}"))
    }

    /// Waits until a JavaScript expression is true.
    pub fn until(&self, what: &str, condition: &str) {
        self.wait(what, condition, || self.try_value(condition));
    }

    fn wait(&self, what: &str, condition: &str, look: impl Fn() -> Result<Value, String>) {
        let start = Instant::now();
        loop {
            let now = look();
            if now == Ok(Value::Bool(true)) {
                return;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "waited in vain until {what}: {condition}\nis {now:?}; problems on the page: {:#?}",
                self.logged()
            );
            std::thread::sleep(POLL);
        }
    }

    /// Runs a script in every page opened from now on, before the scripts of the page.
    pub fn before_pages(&self, script: &str) {
        self.call(OnNewDocument { source: script });
    }

    /// The value of a JavaScript expression in the page's first frame, whose elements it sees, but not its variables.
    pub fn value_in_frame<T: DeserializeOwned>(&self, expression: &str) -> T {
        let value = self.try_value_in_frame(expression).unwrap_or_else(|error| panic!("{expression}\n{error}"));
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{expression}\ngives {value}: {error}"))
    }

    /// Waits until a JavaScript expression is true in the page's first frame.
    pub fn until_in_frame(&self, what: &str, condition: &str) {
        self.wait(what, condition, || self.try_value_in_frame(condition));
    }

    /// Makes the page believe that the reader asked their system for `value` of a media feature.
    pub fn prefer(&self, feature: &str, value: &str) {
        self.call(Prefer { features: [MediaFeature { name: feature, value }] });
    }

    /// Moves the page's reader into a time zone, such as `Pacific/Kiritimati`.
    pub fn live_in(&self, zone: &str) {
        self.call(Zone { timezone_id: zone });
    }

    /// Makes the window that of a phone `width` CSS pixels wide, which is touched and not pointed at.
    pub fn become_phone(&self, width: u32) {
        self.call(Viewport { width, height: 780, device_scale_factor: 2.0, mobile: true });
        self.call(Touch { enabled: true, max_touch_points: 1 });
        self.until("the pointer is a finger", "matchMedia('(pointer: coarse)').matches");
    }

    /// Makes the page's processor as many times slower.
    pub fn slow_down(&self, times: f64) {
        self.call(Throttle { rate: times });
    }

    /// The page as it would be printed, as a PDF.
    pub fn printed(&self) -> Vec<u8> {
        self.tab.print_to_pdf(None).unwrap_or_else(|error| panic!("the page cannot be printed: {error}"))
    }

    /// Puts the focus on an element as a keyboard user would find it.
    pub fn focus(&self, selector: &str) {
        let focused = format!(
            "(() => {{ const element = document.querySelector({0}); element.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             element.focus(); return document.activeElement === element; }})()",
            quoted(selector)
        );
        assert!(self.value::<bool>(&focused), "{selector} cannot be focused");
    }

    /// Presses and releases a key, such as `ArrowRight`.
    pub fn press(&self, key: &str) {
        self.tab.press_key(key).unwrap_or_else(|error| panic!("{key} cannot be pressed: {error}"));
    }

    /// Types text where the focus is.
    pub fn write(&self, text: &str) {
        self.tab.type_str(text).unwrap_or_else(|error| panic!("{text} cannot be typed: {error}"));
    }

    /// Clicks in the middle of an element with the mouse.
    pub fn click(&self, selector: &str) {
        let middle = format!(
            "(() => {{ const element = document.querySelector({0}); element.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            quoted(selector)
        );
        let (x, y) = self.value(&middle);
        self.tab.click_point(Point { x, y }).unwrap_or_else(|error| panic!("{selector} cannot be clicked: {error}"));
    }

    /// Drags the thumb of a range with the mouse, `sweeps` times from end to end, in so many moves each and `pace` apart. The
    /// browser itself moves the mouse: a hand does not wait until the page has painted where it is.
    pub fn drag(&self, selector: &str, sweeps: u32, moves: u32, pace: Duration) {
        // Each move takes the browser a frame, which the pause makes up to the pace.
        let pause = pace.saturating_sub(Duration::from_millis(17)).as_millis();
        let drag = format!(
            "new Promise((done) => {{ const range = document.querySelector({0}); \
             range.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const box = range.getBoundingClientRect(); const y = box.y + box.height / 2; \
             const at = (part) => ({{ x: box.left + 8 + (box.width - 16) * part, y }}); \
             const actions = [{{ name: 'pointerMove', ...at(0) }}, {{ name: 'pointerDown', button: 0, ...at(0) }}]; \
             for (let sweep = 0; sweep < {sweeps}; sweep += 1) \
               for (let move = 1; move <= {moves}; move += 1) \
                 actions.push({{ name: 'pause', duration: {pause} }}, \
                   {{ name: 'pointerMove', ...at((sweep % 2 ? {moves} - move : move) / {moves}) }}); \
             actions.push({{ name: 'pointerUp' }}); \
             chrome.gpuBenchmarking.pointerActionSequence([{{ source: 'mouse', actions }}], () => done(null)); }})",
            quoted(selector)
        );
        self.value::<Option<bool>>(&drag);
    }

    /// Everything that went wrong so far, as the browser and as the page tell it.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.logged();
        problems.extend(self.value::<Vec<String>>("window.levers?.problems ?? []"));
        problems
    }

    /// What moved on the page without a reader's doing, with the layout-shift score of each.
    pub fn shifts(&self) -> Vec<String> {
        // Two frames, so that what was measured for the last paint has been told.
        self.value("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(window.levers.shifts), 0)))")
    }

    /// Forgets what has moved so far.
    pub fn settle(&self) {
        self.shifts();
        self.value::<usize>("window.levers.shifts.length = 0");
    }

    fn logged(&self) -> Vec<String> {
        self.logged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn try_value(&self, expression: &str) -> Result<Value, String> {
        self.evaluate(expression, None)
    }

    fn try_value_in_frame(&self, expression: &str) -> Result<Value, String> {
        let tree = self.tab.call_method(FrameTree {}).map_err(|error| error.to_string())?.frame_tree;
        let frame = tree.child_frames.first().ok_or("the page has no frame")?;
        let world = IsolatedWorld { frame_id: &frame.frame.id };
        let world = self.tab.call_method(world).map_err(|error| error.to_string())?;
        self.evaluate(expression, Some(world.execution_context_id))
    }

    fn evaluate(&self, expression: &str, context_id: Option<i64>) -> Result<Value, String> {
        let call = Evaluate { expression, return_by_value: true, await_promise: true, context_id };
        let evaluated = self.tab.call_method(call).map_err(|error| error.to_string())?;
        match evaluated.exception_details {
            Some(details) => Err(details.to_string()),
            None => Ok(evaluated.result.value.unwrap_or_default()),
        }
    }

    fn call<M: Method + Serialize>(&self, method: M) {
        self.tab.call_method(method).unwrap_or_else(|error| panic!("{} fails: {error}", M::NAME));
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // Without its tab the browser may have ended already.
        let _ = self.tab.close(false);
    }
}

/// What an event tells of something going wrong.
fn problem(event: &Event) -> Option<String> {
    let plain = |value: &dyn std::fmt::Debug| format!("{value:?}");
    match event {
        Event::LogEntryAdded(entry) => {
            let entry = &entry.params.entry;
            let is_error = plain(&entry.level) == "Error";
            is_error.then(|| format!("log: {} {}", entry.text, entry.url.as_deref().unwrap_or_default()))
        }
        Event::RuntimeExceptionThrown(thrown) => {
            let details = &thrown.params.exception_details;
            let description = details.exception.as_ref().and_then(|exception| exception.description.clone());
            Some(format!("exception: {} {}", details.text, description.unwrap_or_default()))
        }
        Event::RuntimeConsoleAPICalled(call) => {
            let kind = plain(&call.params.Type);
            let words = call.params.args.iter().filter_map(|argument| {
                argument.value.as_ref().map(Value::to_string).or_else(|| argument.description.clone())
            });
            matches!(kind.as_str(), "Error" | "Assert")
                .then(|| format!("console: {}", words.collect::<Vec<_>>().join(" ")))
        }
        _ => None,
    }
}

/// Text as JavaScript writes it.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The system's Chromium.
fn executable() -> PathBuf {
    if let Some(found) = find() {
        return found;
    }
    let is_debian = Path::new("/etc/debian_version").exists();
    if is_debian && is_root() {
        install();
        return find().expect("apt-get installed Chromium, but it is not on the path");
    }
    let command = match std::env::consts::OS {
        "macos" => "brew install --cask chromium",
        "windows" => "winget install Hibbiki.Chromium",
        _ if is_debian => "sudo apt-get install chromium",
        _ if Path::new("/etc/fedora-release").exists() => "sudo dnf install chromium",
        _ => "install the package `chromium` of your system",
    };
    panic!("browser tests need Chromium: {command} (or name its program in the variable CHROME)");
}

fn find() -> Option<PathBuf> {
    const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const PLACES: [&str; 4] = [
        "/usr/bin/chromium",
        "/snap/bin/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let named = std::env::var_os("CHROME").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))));
    named.into_iter().chain(PLACES.map(PathBuf::from)).chain(on_path).find(|program| program.is_file())
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

fn install() {
    eprintln!("  … Chromium is missing: installing it with apt-get");
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends", "chromium"]] {
        let status = Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status();
        let status = status.unwrap_or_else(|error| panic!("apt-get does not start: {error}"));
        assert!(status.success(), "`apt-get {}` failed: install Chromium by hand", arguments.join(" "));
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluate<'a> {
    expression: &'a str,
    return_by_value: bool,
    await_promise: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evaluated {
    result: Remote,
    exception_details: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Remote {
    value: Option<Value>,
}

impl Method for Evaluate<'_> {
    const NAME: &'static str = "Runtime.evaluate";
    type ReturnObject = Evaluated;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Viewport {
    width: u32,
    height: u32,
    device_scale_factor: f64,
    mobile: bool,
}

impl Method for Viewport {
    const NAME: &'static str = "Emulation.setDeviceMetricsOverride";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
struct DisableScripts {
    value: bool,
}

impl Method for DisableScripts {
    const NAME: &'static str = "Emulation.setScriptExecutionDisabled";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
struct EmulateFocus {
    enabled: bool,
}

impl Method for EmulateFocus {
    const NAME: &'static str = "Emulation.setFocusEmulationEnabled";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
struct OnNewDocument<'a> {
    source: &'a str,
}

impl Method for OnNewDocument<'_> {
    const NAME: &'static str = "Page.addScriptToEvaluateOnNewDocument";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
struct FrameTree {}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FrameTreeFound {
    frame_tree: Frames,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frames {
    frame: Frame,
    #[serde(default)]
    child_frames: Vec<Frames>,
}

#[derive(Debug, Deserialize)]
struct Frame {
    id: String,
}

impl Method for FrameTree {
    const NAME: &'static str = "Page.getFrameTree";
    type ReturnObject = FrameTreeFound;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct IsolatedWorld<'a> {
    frame_id: &'a str,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct World {
    execution_context_id: i64,
}

impl Method for IsolatedWorld<'_> {
    const NAME: &'static str = "Page.createIsolatedWorld";
    type ReturnObject = World;
}

#[derive(Debug, Serialize)]
struct Prefer<'a> {
    features: [MediaFeature<'a>; 1],
}

#[derive(Debug, Serialize)]
struct MediaFeature<'a> {
    name: &'a str,
    value: &'a str,
}

impl Method for Prefer<'_> {
    const NAME: &'static str = "Emulation.setEmulatedMedia";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Zone<'a> {
    timezone_id: &'a str,
}

impl Method for Zone<'_> {
    const NAME: &'static str = "Emulation.setTimezoneOverride";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Touch {
    enabled: bool,
    max_touch_points: u32,
}

impl Method for Touch {
    const NAME: &'static str = "Emulation.setTouchEmulationEnabled";
    type ReturnObject = Value;
}

#[derive(Debug, Serialize)]
struct Throttle {
    rate: f64,
}

impl Method for Throttle {
    const NAME: &'static str = "Emulation.setCPUThrottlingRate";
    type ReturnObject = Value;
}
