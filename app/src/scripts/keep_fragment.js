const key='krt-console-next',next=new URLSearchParams(location.search).get('next');
if(next)sessionStorage.setItem(key,next+location.hash);
addEventListener('DOMContentLoaded',()=>{
const input=document.querySelector('input[name=next]'),kept=sessionStorage.getItem(key);
if(!input||!kept||input.value&&input.value!==kept.split('#')[0])return;
const[path,...fragment]=kept.split('#');
input.value=path;
if(fragment.length)input.form.action+='#'+fragment.join('#');
input.form.addEventListener('submit',()=>sessionStorage.removeItem(key));
});
