//! Duties, guidance and practice on which more than one rule rests, each with where to read it.

use crate::rules::Duty;

pub(crate) const PROPOSED_DAYS: Duty = Duty {
    name: "Proposed by this method",
    sentence: "No source sets a number of days; this one can be changed in the standard.",
    sources: &[],
};

pub(crate) const EQUALITY_ACT: Duty = Duty {
    name: "Equality Act 2010, section 149",
    sentence: "Public bodies have due regard to nine protected characteristics, and encourage people to take part where \
               they do so disproportionately little.",
    sources: &[
        "https://www.herefordshire.gov.uk/equality-diversity/equality-diversity-inclusion/2",
        "https://caselaw.nationalarchives.gov.uk/ewhc/admin/2018/2080",
    ],
};

pub(crate) const SCRUTINY_REGULATIONS: Duty = Duty {
    name: "Local Authority (Public Health, Health and Wellbeing Boards and Health Scrutiny) Regulations 2013",
    sentence: "A body that plans a substantial change to services consults the council's health scrutiny on it.",
    sources: &["https://www.legislation.gov.uk/uksi/2013/218/part/4/made"],
};

pub(crate) const INVOLVEMENT: Duty = Duty {
    name: "NHS Act 2006, sections 14Z2 and 242",
    sentence: "Commissioners and trusts involve the people who use services in planning, in proposals for change and in \
               decisions. The duty rests on these bodies: an STP is not a legal body.",
    sources: &[
        "https://www.bailii.org/ew/cases/EWCA/Civ/2020/46.html",
        "https://www.legislation.gov.uk/ukpga/2006/41/part/12",
    ],
};

pub(crate) const GUNNING: Duty = Duty {
    name: "The Gunning principles",
    sentence: "Consult while the proposal is still being formed; give reasons enough to answer it; give time enough; and \
               weigh the answers before deciding.",
    sources: &["https://nhsinvolvement.co.uk/connect-and-create/consultations/the-gunning-principles"],
};

pub(crate) const COMPACT: Duty = Duty {
    name: "The Compact",
    sentence: "A written consultation runs for twelve weeks, with a reason given where it is shorter. No statute sets a \
               length.",
    sources: &["https://www.compactvoice.org.uk/news/2012/07/31/"],
};

pub(crate) const CONSULTATION_PRINCIPLES: Duty = Duty {
    name: "Cabinet Office consultation principles",
    sentence: "A consultation lasts for a time in proportion, is answered within twelve weeks, and is generally not \
               launched while an election is being fought.",
    sources: &[
        "https://www.bevanbrittan.com/insights/articles/2016/what-should-a-consultation-look-like/",
        "https://www.dorsetcouncil.gov.uk/-/consultation-and-engagement-policy",
    ],
};

pub(crate) const FIVE_STEPS_INFLUENCE: Duty = Duty {
    name: "Healthwatch: five steps for local conversations about change",
    sentence: "The final plan is published and shows what difference people's views made.",
    sources: &["https://www.healthwatch.co.uk/node/1515"],
};

pub(crate) const FIVE_STEPS_GROUPS: Duty = Duty {
    name: "Healthwatch: five steps for local conversations about change",
    sentence: "Each group that a change affects is thought of, with more work for those who are less heard.",
    sources: &["https://www.healthwatch.co.uk/node/1515"],
};

pub(crate) const NHS_CONSTITUTION: Duty = Duty {
    name: "NHS Constitution",
    sentence: "The NHS pledges to engage staff in decisions that affect them, one by one, through their representatives \
               and through local partnership working.",
    sources: &["https://socialpartnershipforum.org/priority-areas/nhs-constitution/"],
};

pub(crate) const CHARTER: Duty = Duty {
    name: "The Consultation Institute: consultation charter",
    sentence: "Good consultation is visible and open, reaches those whom it concerns, and its results are published.",
    sources: &["https://www.consultationinstitute.org/consultation-charter-7-best-practice-principles/"],
};

pub(crate) const AA1000: Duty = Duty {
    name: "AA1000 Stakeholder Engagement Standard 2015",
    sentence: "Whoever plans engagement says whom it is for and how, and reports afterwards what became of it.",
    sources: &["https://studylib.net/doc/18738233/aa1000-stakeholder-engagement-standard-revision-for"],
};
