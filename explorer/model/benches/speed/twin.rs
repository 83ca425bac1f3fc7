//! The equations of the micro-multinationals model, written by hand: what the engine's speed is measured against.
//!
//! parameters and settings of a lane → [`Lane`] → [`run`] → outcomes at each yearly point. Euler steps of a quarter year
//! over ten years, the base run beside the policy run, as in the engine; a test holds both to the same numbers.

use model::float::{exp, max, min, pow};

/// The outcomes of the model, in its order.
pub const OUTCOMES: [&str; 18] = [
    "net_jobs",
    "gross_jobs",
    "net_employee_jobs",
    "net_domestic_jobs",
    "net_export_jobs",
    "net_own_account",
    "sme_jobs",
    "net_exports",
    "sme_export_gain",
    "sme_exports",
    "exports_total",
    "extra_exporters",
    "exporters",
    "exporter_share",
    "firms_total",
    "own_account",
    "spending",
    "spent",
];

/// Saved points of time: the start and ten years.
pub const POINTS: usize = 11;

/// What `run` gives: the outcomes at each point, under the settings.
pub type Outcomes = [[f64; OUTCOMES.len()]; POINTS];

const LEVERS: usize = 13;
const E1: usize = 12;
const MILLION: f64 = 1e6;
const STEP: f64 = 0.25;
const STEPS_A_YEAR: usize = 4;

/// Flows that levers change.
#[derive(Clone, Copy)]
enum Flow {
    Startups,
    Adoption,
    Entry,
    Exit,
    Closure,
    Exports,
    Jobs,
    OwnAccount,
    Clients,
    BornGlobal,
    Large,
}

const FLOWS: [&str; 11] = ["S", "a", "b", "r", "d", "x", "e", "F", "phi", "sx", "lg"];

/// Which lever changes which flow; the lever counts from zero.
const EFFECTS: [(usize, Flow); 29] = {
    use Flow::{Adoption, BornGlobal, Clients, Closure, Entry, Exit, Exports, Jobs, Large, OwnAccount, Startups};
    [
        (0, Entry),
        (0, Exit),
        (1, Exit),
        (1, Exports),
        (2, Adoption),
        (3, Entry),
        (3, Closure),
        (3, Jobs),
        (4, Entry),
        (4, Closure),
        (4, Jobs),
        (5, Startups),
        (5, BornGlobal),
        (6, OwnAccount),
        (6, Startups),
        (7, Startups),
        (7, Adoption),
        (8, Startups),
        (8, Entry),
        (9, Adoption),
        (9, Entry),
        (9, Exports),
        (10, Entry),
        (10, Large),
        (10, Exports),
        (11, Entry),
        (11, Clients),
        (11, Exit),
        (11, Exports),
    ]
};

/// Grade of each lever but the enabler, as a place among the weights of A to D.
const GRADES: [usize; 12] = [1, 0, 1, 0, 1, 2, 1, 2, 1, 2, 2, 3];

/// The numbers of one lane.
#[derive(Clone, Debug)]
#[allow(non_snake_case, reason = "parameters have the names that the model gives them")]
pub struct Lane {
    settings: [f64; LEVERS],
    T0: f64,
    shX: f64,
    shDX: f64,
    J0: f64,
    F0: f64,
    V0: f64,
    shVs: f64,
    dL: f64,
    dD: f64,
    dX: f64,
    nu: f64,
    sigD: f64,
    sigX: f64,
    rN: f64,
    rE: f64,
    m: f64,
    phiL: f64,
    adrift: f64,
    fout: f64,
    nuF: f64,
    phiF: f64,
    xF: f64,
    gW: f64,
    xratio: f64,
    q: f64,
    kX: f64,
    rho: f64,
    zS: f64,
    gD: f64,
    tauh: f64,
    chiDom: f64,
    chiF: f64,
    chiExp: f64,
    chiV: f64,
    eta: f64,
    curv: f64,
    e1_dw: f64,
    cscale: f64,
    weights: [f64; 4],
    ceilings: [f64; 11],
    effects: [f64; 29],
    deadweight: [f64; 12],
    lags: [f64; LEVERS],
    reach: [f64; 12],
    unit_costs: [f64; LEVERS],
}

impl Lane {
    /// The lane with these settings of the levers and the parameters that `value` gives by name.
    pub fn new(settings: &[f64], value: impl Fn(&str) -> f64) -> Self {
        let lever = |lever: usize| if lever == E1 { "E1".to_owned() } else { format!("L{:02}", lever + 1) };
        let by_lever = |name: &str, place: usize| value(&format!("{name}_{}", lever(place)));
        Self {
            settings: std::array::from_fn(|lever| settings[lever]),
            T0: value("T0"),
            shX: value("shX"),
            shDX: value("shDX"),
            J0: value("J0"),
            F0: value("F0"),
            V0: value("V0"),
            shVs: value("shVs"),
            dL: value("dL"),
            dD: value("dD"),
            dX: value("dX"),
            nu: value("nu"),
            sigD: value("sigD"),
            sigX: value("sigX"),
            rN: value("rN"),
            rE: value("rE"),
            m: value("m"),
            phiL: value("phiL"),
            adrift: value("adrift"),
            fout: value("fout"),
            nuF: value("nuF"),
            phiF: value("phiF"),
            xF: value("xF"),
            gW: value("gW"),
            xratio: value("xratio"),
            q: value("q"),
            kX: value("kX"),
            rho: value("rho"),
            zS: value("zS"),
            gD: value("gD"),
            tauh: value("tauh"),
            chiDom: value("chiDom"),
            chiF: value("chiF"),
            chiExp: value("chiExp"),
            chiV: value("chiV"),
            eta: value("eta"),
            curv: value("curv"),
            e1_dw: value("e1_dw"),
            cscale: value("cscale"),
            weights: std::array::from_fn(|grade| value(["w_A", "w_B", "w_C", "w_D"][grade])),
            ceilings: std::array::from_fn(|flow| value(&format!("A_{}", FLOWS[flow]))),
            effects: std::array::from_fn(|effect| {
                let (place, flow) = EFFECTS[effect];
                value(&format!("th_{}_{}", lever(place), FLOWS[flow as usize]))
            }),
            deadweight: std::array::from_fn(|place| by_lever("dw", place)),
            lags: std::array::from_fn(|place| by_lever("tau", place)),
            // The enabler's cost is not by those it reaches.
            reach: std::array::from_fn(|place| by_lever("reach", place)),
            unit_costs: std::array::from_fn(|place| by_lever("cost", place)),
        }
    }
}

/// What a lane starts from.
struct Calibrated {
    startup_rate: f64,
    born_global: f64,
    entry_hazard: f64,
    adoption_rate: f64,
    per_new: f64,
    per_established: f64,
    large: f64,
    jobs_per_local: f64,
    jobs_per_digital: f64,
    full_response: f64,
}

/// The stocks of one world.
#[derive(Clone, Copy)]
struct Stocks {
    local: f64,
    digital: f64,
    new: f64,
    established: f64,
    own_account: f64,
    domestic_jobs: f64,
    export_jobs: f64,
}

/// What the policy run compares itself with, besides stocks.
#[derive(Clone, Copy)]
struct Levels {
    sme_exports: f64,
    own_account_exports: f64,
    large_exports: f64,
    startups: f64,
    rates: Stocks,
}

/// What depends on time alone.
struct Trends {
    firms: f64,
    own_account: f64,
    demand: f64,
    jobs_per_export: f64,
}

/// Runs a lane.
pub fn run(lane: &Lane) -> Outcomes {
    let (calibrated, start) = calibrate(lane);
    let (mut base, mut policy) = (start, start);
    let mut strength = [0.0; LEVERS];
    let mut spent = 0.0;
    let mut outcomes = [[0.0; OUTCOMES.len()]; POINTS];
    for step in 0..=(POINTS - 1) * STEPS_A_YEAR {
        let time = step as f64 * STEP;
        let trends = Trends {
            firms: pow(1.0 + lane.nu, time),
            own_account: pow(1.0 + lane.nuF, time),
            demand: pow(1.0 + lane.gW, time),
            jobs_per_export: lane.kX * pow(1.0 - lane.rho, time),
        };
        let unchanged = [0.0; 11];
        let base_levels = levels(lane, &calibrated, &trends, &unchanged, &base, &base);
        let changes = changes(lane, &calibrated, &strength);
        let policy_levels = levels(lane, &calibrated, &trends, &changes, &policy, &base);
        let spending = spending(lane, &policy, policy_levels.startups);
        if step % STEPS_A_YEAR == 0 {
            outcomes[step / STEPS_A_YEAR] =
                report(lane, (&base, &base_levels), (&policy, &policy_levels), spending, spent);
        }
        base.advance(&base_levels.rates);
        policy.advance(&policy_levels.rates);
        spent += STEP * spending;
        for (lever, strength) in strength.iter_mut().enumerate() {
            *strength += STEP * ((lane.settings[lever] - *strength) / max(lane.lags[lever], STEP));
        }
    }
    outcomes
}

/// Solves for what holds in the first year.
fn calibrate(lane: &Lane) -> (Calibrated, Stocks) {
    let exporters = lane.T0 * lane.shX;
    let digital = lane.T0 * lane.shDX - exporters;
    let local = lane.T0 - exporters - digital;
    let established = exporters / (1.0 + (lane.rE + lane.dX + lane.nu) / lane.m);
    let new = exporters - established;
    let startup_rate = lane.nu + (lane.dL * local + lane.dD * digital + lane.dX * exporters) / lane.T0;
    let startups = startup_rate * lane.T0;
    let entry = (lane.m + lane.rN + lane.dX + lane.nu) * new;
    let born_global = min(lane.sigX * startups, 0.8 * entry) / startups;
    let entry_hazard = (entry - born_global * startups) / (digital + lane.phiL * local);
    let returns = lane.rN * new + lane.rE * established;
    let needed = (lane.dD + entry_hazard + lane.nu) * digital - returns - lane.sigD * startups;
    let sme_exports = lane.shVs * lane.V0;
    let per_established = sme_exports / (lane.xratio * new + established);
    let own_account_exports = lane.F0 * lane.phiF * lane.xF / MILLION;
    let export_jobs = lane.kX * (sme_exports + own_account_exports);
    let jobs_per_local = (lane.J0 - export_jobs) / (local + (1.0 + lane.gD) * (digital + exporters));
    let jobs_per_digital = (1.0 + lane.gD) * jobs_per_local;
    let calibrated = Calibrated {
        startup_rate,
        born_global,
        entry_hazard,
        adoption_rate: max(0.0005, needed / local + lane.adrift),
        per_new: lane.xratio * per_established,
        per_established,
        large: lane.V0 - sme_exports - own_account_exports,
        jobs_per_local,
        jobs_per_digital,
        full_response: 1.0 - exp(-lane.curv),
    };
    let domestic_jobs = jobs_per_local * local + jobs_per_digital * (digital + exporters);
    let stocks = Stocks { local, digital, new, established, own_account: lane.F0, domestic_jobs, export_jobs };
    (calibrated, stocks)
}

/// Proportional change of each flow by all levers.
fn changes(lane: &Lane, calibrated: &Calibrated, strength: &[f64; LEVERS]) -> [f64; 11] {
    let believed: [f64; 12] = std::array::from_fn(|lever| {
        let response = (1.0 - exp(-lane.curv * strength[lever])) / calibrated.full_response;
        let others = lane.deadweight[lever] * (1.0 - lane.e1_dw * strength[E1]);
        lane.weights[GRADES[lever]] * (1.0 - lane.eta) * (1.0 - others) * response
    });
    let mut left = [1.0; 11];
    for ((lever, flow), effect) in EFFECTS.iter().zip(&lane.effects) {
        let ceiling = lane.ceilings[*flow as usize];
        left[*flow as usize] *= 1.0 - min(effect * believed[*lever], ceiling) / ceiling;
    }
    std::array::from_fn(|flow| lane.ceilings[flow] * (1.0 - left[flow]))
}

fn levels(
    lane: &Lane,
    calibrated: &Calibrated,
    trends: &Trends,
    changes: &[f64; 11],
    stocks: &Stocks,
    base: &Stocks,
) -> Levels {
    let raised = |flow: Flow| 1.0 + changes[flow as usize];
    let lowered = |flow: Flow| 1.0 - changes[flow as usize];
    let Stocks { local, digital, new, established, .. } = *stocks;
    let exporters = new + established;
    let startups = calibrated.startup_rate * lane.T0 * trends.firms * raised(Flow::Startups);
    let born_global = min(0.9, calibrated.born_global * raised(Flow::BornGlobal));
    let adoption = calibrated.adoption_rate * raised(Flow::Adoption) * local;
    let hazard = calibrated.entry_hazard * raised(Flow::Entry);
    let (digital_entry, local_entry) = (hazard * digital, lane.phiL * hazard * local);
    let maturing = lane.m * new;
    let new_exits = lane.rN * lowered(Flow::Exit) * new;
    let established_exits = lane.rE * lowered(Flow::Exit) * established;
    let closure = lowered(Flow::Closure);
    let class = |per_firm: f64, firms: f64, base: f64| per_firm * (base + lane.q * (firms - base));
    let sme_exports = (class(calibrated.per_new, new, base.new)
        + class(calibrated.per_established, established, base.established))
        * raised(Flow::Exports)
        * trends.demand;
    let own_account_exports =
        stocks.own_account * lane.phiF * raised(Flow::Clients) * lane.xF / MILLION * trends.demand;
    let large_exports = calibrated.large * trends.demand * trends.firms * raised(Flow::Large);
    let extra_firms = (local + digital + exporters) - (base.local + base.digital + base.new + base.established);
    let wanted_domestic = (calibrated.jobs_per_local * local + calibrated.jobs_per_digital * (digital + exporters)
        - (1.0 - lane.zS) * calibrated.jobs_per_local * extra_firms)
        * raised(Flow::Jobs);
    let wanted_export = trends.jobs_per_export * (sme_exports + own_account_exports);
    let rates = Stocks {
        local: (1.0 - lane.sigD - born_global) * startups - adoption - local_entry - lane.dL * closure * local,
        digital: lane.sigD * startups + adoption + new_exits + established_exits
            - digital_entry
            - lane.dD * closure * digital,
        new: digital_entry + local_entry + born_global * startups - maturing - new_exits - lane.dX * closure * new,
        established: maturing - established_exits - lane.dX * closure * established,
        own_account: (lane.fout + lane.nuF) * lane.F0 * trends.own_account * raised(Flow::OwnAccount)
            - lane.fout * stocks.own_account,
        domestic_jobs: (wanted_domestic - stocks.domestic_jobs) / lane.tauh,
        export_jobs: (wanted_export - stocks.export_jobs) / lane.tauh,
    };
    Levels { sme_exports, own_account_exports, large_exports, startups, rates }
}

/// Public cost of all levers, US$ million a year.
fn spending(lane: &Lane, stocks: &Stocks, startups: f64) -> f64 {
    let exporters = stocks.new + stocks.established;
    let firms = stocks.local + stocks.digital + exporters;
    let scaled = lane.cscale / MILLION;
    let reached = [
        stocks.digital * scaled,
        exporters * scaled,
        stocks.local * scaled,
        firms * scaled,
        lane.J0 / MILLION,
        startups * scaled,
        stocks.own_account * scaled,
        lane.J0 * scaled,
        lane.J0 * scaled,
        firms * scaled,
        lane.V0,
        (stocks.digital + exporters + stocks.own_account * lane.phiF) * scaled,
        lane.V0,
    ];
    (0..LEVERS)
        .map(|lever| {
            // Sums of money are not reached in parts.
            let reach = if matches!(lever, 10 | E1) { 1.0 } else { lane.reach[lever] };
            lane.settings[lever] * reach * reached[lever] * lane.unit_costs[lever]
        })
        .sum()
}

/// The outcomes at a point of time, in the order of [`OUTCOMES`].
fn report(
    lane: &Lane,
    (base, base_levels): (&Stocks, &Levels),
    (policy, levels): (&Stocks, &Levels),
    spending: f64,
    spent: f64,
) -> [f64; OUTCOMES.len()] {
    let domestic = policy.domestic_jobs - base.domestic_jobs;
    let export = policy.export_jobs - base.export_jobs;
    let own_account = policy.own_account - base.own_account;
    let net_domestic = (1.0 - lane.chiDom) * domestic;
    let net_export = (1.0 - lane.chiExp) * export;
    let net_own_account = (1.0 - lane.chiF) * own_account;
    let gain =
        (levels.sme_exports - base_levels.sme_exports) + (levels.own_account_exports - base_levels.own_account_exports);
    let exporters = policy.new + policy.established;
    let firms = policy.local + policy.digital + exporters;
    [
        net_domestic + net_export + net_own_account,
        domestic + export + own_account,
        net_domestic + net_export,
        net_domestic,
        net_export,
        net_own_account,
        policy.domestic_jobs + policy.export_jobs,
        (1.0 - lane.chiV) * gain + (levels.large_exports - base_levels.large_exports),
        gain,
        levels.sme_exports,
        levels.sme_exports + levels.own_account_exports + levels.large_exports,
        exporters - (base.new + base.established),
        exporters,
        exporters / firms,
        firms,
        policy.own_account,
        spending,
        spent,
    ]
}

impl Stocks {
    /// One of Euler's steps.
    fn advance(&mut self, rates: &Self) {
        self.local += STEP * rates.local;
        self.digital += STEP * rates.digital;
        self.new += STEP * rates.new;
        self.established += STEP * rates.established;
        self.own_account += STEP * rates.own_account;
        self.domestic_jobs += STEP * rates.domestic_jobs;
        self.export_jobs += STEP * rates.export_jobs;
    }
}
