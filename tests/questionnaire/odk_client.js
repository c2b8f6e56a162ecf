// The page of a real client: ODK Web Forms shows the form and hands over what it would send to a server.
import { createApp, h } from 'vue';
import { OdkWebForm, webFormsPlugin } from '@getodk/web-forms';

const form = await (await fetch('form.xml')).text();

createApp({
  render: () => h(OdkWebForm, {
    formXml: form,
    fetchFormAttachment: async () => new Response('', { status: 404 }),
    onSubmit: async (sent) => {
      window.submission = await sent.data[0].get('xml_submission_file').text();
    },
  }),
}).use(webFormsPlugin).mount('#app');
