use cavuer_base::origin::AllowedDomain;
use cavuer_protocol::console::{Appearance, ChannelChanges};
use cavuer_protocol::limits::{ALLOWED_DOMAINS, DAILY_LIMIT, GREETING_CHARS, NAME_CHARS};
use cavuer_protocol::{FieldProblem, notice};
use cavuer_store::WidgetEdit;

use crate::checks::Checks;

/// Checks what an owner decides about a channel.
pub(super) fn accept(wanted: ChannelChanges) -> Result<WidgetEdit, Vec<FieldProblem>> {
    let mut checks = Checks::default();
    let accepted = WidgetEdit {
        name: wanted.name.map(|name| checks.line("name", &name, NAME_CHARS)),
        allowed_domains: wanted
            .allowed_domains
            .map(|domains| accept_domains(&mut checks, &domains)),
        appearance: wanted.appearance.map(|appearance| accept_appearance(&mut checks, appearance)),
        enabled: wanted.enabled,
        require_identification: wanted.require_identification,
        merge_guests: wanted.merge_guests,
        limits: wanted.limits,
        attachments: wanted.attachments,
    };
    if let Some(limits) = &accepted.limits {
        for (field, most) in [
            ("limits.answers", limits.answers),
            ("limits.tokens", limits.tokens),
            ("limits.visitor_answers", limits.visitor_answers),
        ] {
            if let Some(most) = most {
                checks.range(field, most, 1, DAILY_LIMIT);
            }
        }
    }
    checks.finish()?;
    Ok(accepted)
}

/// Each rule in its normal form, once.
fn accept_domains(checks: &mut Checks, typed: &[String]) -> Vec<String> {
    if typed.len() > ALLOWED_DOMAINS {
        let notice = notice::too_many_domains(ALLOWED_DOMAINS, typed.len());
        checks.problem("allowed_domains", notice);
        return Vec::new();
    }
    let mut accepted = Vec::new();
    for (place, rule) in typed.iter().enumerate() {
        match AllowedDomain::parse(rule).map(|rule| rule.to_string()) {
            Ok(rule) if accepted.contains(&rule) => {}
            Ok(rule) => accepted.push(rule),
            Err(notice) => checks.problem(format!("allowed_domains[{place}]"), notice),
        }
    }
    accepted
}

fn accept_appearance(checks: &mut Checks, wanted: Appearance) -> Appearance {
    Appearance {
        title: checks.line("appearance.title", &wanted.title, NAME_CHARS),
        greeting: checks.text("appearance.greeting", &wanted.greeting, GREETING_CHARS),
        color: checks.color("appearance.color", &wanted.color),
        position: wanted.position,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_normalised_and_folded() {
        let typed = ["https://Example.com/shop", "example.com", "*.example.com"].map(str::to_owned);
        let mut checks = Checks::default();
        assert_eq!(accept_domains(&mut checks, &typed), ["example.com", "*.example.com"]);
        checks.finish().unwrap();
    }

    #[test]
    fn each_wrong_domain_is_named_by_its_place() {
        let typed = ["example.com", "ex ample", "", "*"].map(str::to_owned);
        let mut checks = Checks::default();
        accept_domains(&mut checks, &typed);
        let problems = checks.finish().unwrap_err();
        let fields = problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>();
        assert_eq!(fields, ["allowed_domains[1]", "allowed_domains[2]", "allowed_domains[3]"]);
    }
}
