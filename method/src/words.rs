//! The closed lists of the method: audiences and groups, characteristics, levels, and the kinds and states of things.
//!
//! Codes are never used again for something else, and a group is retired rather than renamed.

use crate::json::codes;

codes! {
    /// Who is to be engaged, in the large.
    pub enum Audience: "audience" {
        Public = "PP", "Patients and public";
        Staff = "ST", "Staff";
        Councils = "LA", "Local authorities";
        /// Recorded and never scored, so that partners cannot mask a gap.
        Others = "XP", "Other parties";
    }
}

impl Audience {
    /// The audiences that the rules ask about: all but the other parties.
    pub const SCORED: &'static [Self] = &[Self::Public, Self::Staff, Self::Councils];

    /// The name as it stands inside a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Public => "patients or the public",
            Self::Staff => "staff",
            Self::Councils => "local authorities",
            Self::Others => "other parties",
        }
    }

    /// Its groups, in the order of the method page.
    pub fn groups(self) -> impl Iterator<Item = Group> {
        Group::ALL.iter().copied().filter(move |group| group.audience() == self)
    }
}

codes! {
    /// Who is to be engaged, in the small.
    pub enum Group: "group" {
        Users = "PP-USR", "Patients and service users";
        Residents = "PP-PUB", "Residents";
        Carers = "PP-CAR", "Carers";
        Healthwatch = "PP-HWT", "Local Healthwatch";
        PatientGroups = "PP-PPG", "Patient participation groups";
        Voluntary = "PP-VCS", "Voluntary and community sector";
        Governors = "PP-GOV", "Foundation trust members and governors";
        Young = "PP-CYP", "Children and young people";
        SeldomHeard = "PP-SEL", "Seldom heard and inclusion health groups";
        Campaigns = "PP-CMP", "Campaign groups";
        Doctors = "ST-MED", "Hospital doctors";
        GeneralPractice = "ST-GPS", "GPs and practice teams";
        Nurses = "ST-NUR", "Nurses and midwives";
        AlliedHealth = "ST-AHP", "Allied health professionals, scientists, pharmacists";
        Support = "ST-SUP", "Support, administration, estates";
        Managers = "ST-MGR", "Boards, non-executives, managers";
        Unions = "ST-TUS", "Trade unions and staff side";
        SocialCare = "ST-SOC", "Social care workforce";
        Leaders = "LA-LDR", "Leader and cabinet";
        Councillors = "LA-CLR", "Other councillors";
        Officers = "LA-OFF", "Chief and senior officers";
        DirectorsOfServices = "LA-ASC", "Directors of adults' and children's services";
        PublicHealth = "LA-DPH", "Public health";
        WellbeingBoard = "LA-HWB", "Health and wellbeing board";
        Scrutiny = "LA-HSC", "Health overview and scrutiny committee";
        Districts = "LA-DIS", "District councils";
        Parishes = "LA-PAR", "Parish and town councils";
        Members = "XP-MPS", "Members of parliament";
        Providers = "XP-PRV", "Providers";
        Commissioners = "XP-CCG", "Commissioners";
        Neighbours = "XP-NBR", "Neighbouring STPs";
        Regulators = "XP-REG", "Regulators";
        Media = "XP-MED", "Media";
    }
}

impl Group {
    /// The audience that the group belongs to.
    pub const fn audience(self) -> Audience {
        match self.code().as_bytes() {
            [b'P', ..] => Audience::Public,
            [b'S', ..] => Audience::Staff,
            [b'L', ..] => Audience::Councils,
            _ => Audience::Others,
        }
    }

    /// The name as it stands inside a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Users => "patients and service users",
            Self::Residents => "residents",
            Self::Carers => "carers",
            Self::Healthwatch => "local Healthwatch",
            Self::PatientGroups => "patient participation groups",
            Self::Voluntary => "the voluntary and community sector",
            Self::Governors => "foundation trust members and governors",
            Self::Young => "children and young people",
            Self::SeldomHeard => "seldom heard and inclusion health groups",
            Self::Campaigns => "campaign groups",
            Self::Doctors => "hospital doctors",
            Self::GeneralPractice => "GPs and practice teams",
            Self::Nurses => "nurses and midwives",
            Self::AlliedHealth => "allied health professionals, scientists or pharmacists",
            Self::Support => "support, administration or estates staff",
            Self::Managers => "boards, non-executives and managers",
            Self::Unions => "trade unions and staff side",
            Self::SocialCare => "the social care workforce",
            Self::Leaders => "council leaders and cabinets",
            Self::Councillors => "councillors outside the cabinet",
            Self::Officers => "chief and senior council officers",
            Self::DirectorsOfServices => "directors of adults' and children's services",
            Self::PublicHealth => "council public health teams",
            Self::WellbeingBoard => "a health and wellbeing board",
            Self::Scrutiny => "a health overview and scrutiny committee",
            Self::Districts => "district councils",
            Self::Parishes => "parish and town councils",
            Self::Members => "members of parliament",
            Self::Providers => "providers",
            Self::Commissioners => "commissioners",
            Self::Neighbours => "neighbouring STPs",
            Self::Regulators => "regulators",
            Self::Media => "the media",
        }
    }

    /// Is the group asked about in every STP? District councils are asked about too where the STP has a district.
    pub const fn required_by_default(self) -> bool {
        matches!(
            self,
            Self::Users
                | Self::Residents
                | Self::Carers
                | Self::Healthwatch
                | Self::Voluntary
                | Self::Doctors
                | Self::GeneralPractice
                | Self::Nurses
                | Self::Unions
                | Self::Leaders
                | Self::Officers
                | Self::WellbeingBoard
                | Self::Scrutiny
        )
    }

    /// Is the group one that statute or guidance names, so that its absence weighs more?
    pub const fn is_named_consultee(self) -> bool {
        matches!(self, Self::Scrutiny | Self::WellbeingBoard | Self::Healthwatch)
    }
}

codes! {
    /// What equality monitoring asks about.
    pub enum Characteristic: "characteristic" {
        Age = "AGE", "Age";
        Disability = "DIS", "Disability";
        GenderReassignment = "GRE", "Gender reassignment";
        Marriage = "MCP", "Marriage and civil partnership";
        Pregnancy = "PRM", "Pregnancy and maternity";
        Race = "RAC", "Race";
        Belief = "REB", "Religion or belief";
        Sex = "SEX", "Sex";
        Orientation = "SOR", "Sexual orientation";
        Deprivation = "DEP", "Deprivation";
        Caring = "CAR", "Caring";
        Rural = "RUR", "Living in the country";
    }
}

impl Characteristic {
    /// The nine that the Equality Act protects.
    pub const PROTECTED: &'static [Self] = Self::ALL.split_at(9).0;

    /// The name as it stands inside a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Disability => "disability",
            Self::GenderReassignment => "gender reassignment",
            Self::Marriage => "marriage and civil partnership",
            Self::Pregnancy => "pregnancy and maternity",
            Self::Race => "race",
            Self::Belief => "religion or belief",
            Self::Sex => "sex",
            Self::Orientation => "sexual orientation",
            Self::Deprivation => "deprivation",
            Self::Caring => "caring",
            Self::Rural => "living in the country",
        }
    }

    /// Is it one of the nine?
    pub fn is_protected(self) -> bool {
        Self::PROTECTED.contains(&self)
    }
}

codes! {
    /// The form that an event takes.
    pub enum EventKind: "kind of event" {
        PublicMeeting = "public_meeting", "Public meeting";
        DropIn = "drop_in", "Drop-in";
        FocusGroup = "focus_group", "Focus group";
        Workshop = "workshop", "Workshop";
        Survey = "survey", "Survey";
        Outreach = "outreach", "Outreach";
        OnlineMeeting = "online_meeting", "Online meeting";
        StaffBriefing = "staff_briefing", "Staff briefing";
        /// An item at a committee of a council, or at a board.
        Committee = "committee", "Committee item";
        /// A meeting of the STP's own boards.
        GovernanceMeeting = "governance_meeting", "Governance meeting";
        Letter = "letter", "Letter";
        Panel = "panel", "Panel";
        Other = "other", "Other event";
    }
}

codes! {
    /// Did the event take place?
    pub enum EventStatus: "status" {
        Planned = "planned", "Planned";
        Held = "held", "Held";
        Cancelled = "cancelled", "Cancelled";
    }
}

codes! {
    /// Is the content of an event open to everyone?
    pub enum Publication: "publication state" {
        Public = "public", "Public";
        Withheld = "withheld", "Withheld";
        Unpublished = "unpublished", "Not yet published";
    }
}

codes! {
    /// What became of something that people said.
    pub enum Outcome: "outcome" {
        Changed = "changed", "The plan changed";
        Unchanged = "unchanged", "The plan did not change";
        OutOfScope = "out_of_scope", "Out of scope";
    }
}

codes! {
    /// Is a proposal a substantial development or variation of services?
    pub enum Substantial: "answer" {
        Yes = "yes", "Yes";
        No = "no", "No";
        Undecided = "undecided", "Undecided";
    }
}

codes! {
    /// What kind of organisation a body is.
    pub enum BodyKind: "kind of body" {
        Commissioner = "ccg", "Clinical commissioning group";
        Trust = "trust", "NHS trust";
        Council = "council", "Council";
        Healthwatch = "healthwatch", "Healthwatch";
        Voluntary = "voluntary", "Voluntary organisation";
        Union = "union", "Trade union";
        Board = "board", "Board";
        Other = "other", "Other body";
    }
}

codes! {
    /// The tier of local government that a place is governed by.
    pub enum Tier: "tier" {
        /// A county, unitary authority, metropolitan district or London borough.
        Upper = "upper", "Upper tier";
        /// A district inside a county.
        District = "district", "District";
    }
}

codes! {
    /// The format of a record.
    pub enum Format: "format" {
        V1 = "opendoor-record/1", "Open Door record, version 1";
    }
}
