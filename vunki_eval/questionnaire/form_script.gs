// Makes this questionnaire in Google Forms. Open script.google.com, start a new project, paste this file,
// press Run on createForm and allow it. The form's address stands in the log. No names or e-mail addresses are collected.
// Generated from the instrument; change the instrument and generate it again instead of editing here.

const FORM = /*FORM*/;

function createForm() {
  const form = FormApp.create(FORM.title);
  form.setTitle(FORM.title)
    .setDescription(FORM.description)
    .setConfirmationMessage(FORM.thanks)
    .setCollectEmail(false)
    .setAllowResponseEdits(false)
    .setProgressBar(true);
  FORM.parts.forEach(function (part) { addPart(form, part); });
  Logger.log(form.getPublishedUrl());
  Logger.log(form.getEditUrl());
  return form;
}

function addPart(form, part) {
  switch (part.kind) {
    case 'page':
      form.addPageBreakItem().setTitle(part.title).setHelpText(part.help);
      break;
    case 'consent':
      addConsent(form, part);
      break;
    case 'one':
      form.addMultipleChoiceItem().setTitle(part.title).setChoiceValues(part.choices);
      break;
    case 'many':
      form.addCheckboxItem().setTitle(part.title).setChoiceValues(part.choices);
      break;
    case 'grid':
      form.addGridItem().setTitle(part.title).setRows(part.rows).setColumns(part.choices);
      break;
    case 'number':
      form.addTextItem().setTitle(part.title).setHelpText(part.help).setValidation(numberRule(part));
      break;
    case 'date':
      form.addDateTimeItem().setTitle(part.title);
      break;
    case 'long':
      form.addParagraphTextItem().setTitle(part.title);
      break;
    default:
      form.addTextItem().setTitle(part.title).setHelpText(part.help);
  }
}

// Without consent the form is sent at once; no other question is asked.
function addConsent(form, part) {
  const item = form.addMultipleChoiceItem().setTitle(part.title).setRequired(true);
  item.setChoices(part.choices.map(function (label, i) {
    const go = i === part.agreed ? FormApp.PageNavigationType.CONTINUE : FormApp.PageNavigationType.SUBMIT;
    return item.createChoice(label, go);
  }));
}

function numberRule(part) {
  return FormApp.createTextValidation()
    .setHelpText(part.help)
    .requireTextMatchesPattern(part.pattern)
    .build();
}
